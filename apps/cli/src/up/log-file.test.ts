import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { DiskWatch } from './disk-watch.ts';
import { LogFile } from './log-file.ts';

test('[X3] a log that cannot be written loses lines, says so once, and goes on with their count when it can', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-log-'));
  const path = join(folder, 'broker.log');
  const said: string[] = [];
  const log = new LogFile(path, (line) => said.push(line));
  mkdirSync(path); // Stands for a disk that takes nothing: the file cannot be opened.
  log.write('one');
  await vi.waitFor(() => expect(said).toHaveLength(1));
  log.write('two');
  expect(said[0]).toContain(`${path} cannot be written`);
  rmSync(path, { recursive: true });
  vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ['Date'] });
  log.write('three');
  log.close();
  vi.useRealTimers();
  await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toMatch(/\(2 lines are missing here.*\n.* three\n$/));
  expect(said).toHaveLength(1);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  rmSync(folder, { recursive: true });
});

test('[X3] a disk that is nearly full is said once, with its folder and what is needed, and so is its room', () => {
  const said: string[] = [];
  let free = 3_000_000;
  const watch = new DiskWatch(
    '/data',
    (line) => said.push(line),
    () => free,
  );
  watch.look();
  watch.look();
  expect(said).toEqual([expect.stringContaining('the disk of /data has 3 MB free; Millrace needs 100 MB')]);
  free = 120_000_000;
  watch.look();
  expect(said).toHaveLength(1);
  free = 900_000_000;
  watch.look();
  expect(said[1]).toBe('the disk of /data has room again, 900 MB');
});
