import { expect, test } from 'vitest';
import { Journal } from './journal.ts';
import { MemoryDisk } from './memory-disk.ts';

async function open(disk: MemoryDisk, entries: string[] = []): Promise<Journal<string>> {
  return Journal.open<string>({ disk, path: 'j', replay: (entry) => entries.push(entry), snapshot: () => entries });
}

async function entriesOf(disk: MemoryDisk): Promise<string[]> {
  const entries: string[] = [];
  await open(disk, entries);
  return entries;
}

test('entries are replayed in order', async () => {
  const disk = new MemoryDisk();
  const journal = await open(disk);
  await Promise.all([journal.append('a', 'b'), journal.append('c'), journal.append('d')]);
  expect(await entriesOf(disk)).toEqual(['a', 'b', 'c', 'd']);
});

test('a torn line is cut, whole calls at a time, and appending goes on there', async () => {
  const disk = new MemoryDisk();
  const journal = await open(disk);
  await journal.append('kept');
  const keptBytes = disk.contents('j').length;
  await journal.append('torn', 'in', 'two');
  const whole = Buffer.from(disk.contents('j'));
  for (let cut = keptBytes; cut < whole.length; cut += 1) {
    disk.replace('j', whole.subarray(0, cut));
    await (await open(disk)).append('next');
    expect(await entriesOf(disk)).toEqual(['kept', 'next']);
  }
});

test('a write that fails is told to who asked for it, and leaves no trace', async () => {
  const disk = new MemoryDisk();
  const journal = await open(disk);
  await journal.append('kept');
  disk.writeFault = () => 5;
  await expect(journal.append('lost')).rejects.toThrow(/can't be written/);
  disk.writeFault = undefined;
  await journal.append('next');
  expect(await entriesOf(disk)).toEqual(['kept', 'next']);
});

test('a journal that has grown is written anew from what it states', async () => {
  const disk = new MemoryDisk();
  const last: string[] = [];
  const journal = await Journal.open<string>({ disk, path: 'j', replay: () => {}, snapshot: () => last });
  const long = 'x'.repeat(10_000);
  for (let i = 0; i < 200; i += 1) {
    last[0] = `${i}${long}`;
    await journal.append(last[0]);
  }
  expect(disk.contents('j').length).toBeLessThan(1_200_000);
  expect((await entriesOf(disk)).at(-1)).toBe(last[0]);
});
