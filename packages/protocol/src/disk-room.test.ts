import { expect, test } from 'vitest';
import { DiskRoom, fullDiskWords, roomWords } from './disk-room.ts';

test('[X3] a disk is low below 100 MB, and has room again only above 150 MB', () => {
  const room = new DiskRoom();
  const looks = [200, 101, 99, 120, 149, 151, 120].map((megabytes) => [room.look(megabytes * 1e6), room.low]);
  expect(looks).toEqual([
    [false, false],
    [false, false],
    [true, true],
    [false, true],
    [false, true],
    [true, false],
    [false, false],
  ]);
});

test('[X3] the words name the folder, what is free and what is needed', () => {
  expect(fullDiskWords('/data', 41_200_000)).toContain('/data has 41 MB free; Millrace needs 100 MB.');
  expect(roomWords('/data', 180_000_000)).toBe('the disk of /data has room again, 180 MB');
});
