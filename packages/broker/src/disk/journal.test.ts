import { expect, test } from 'vitest';
import { ErrorCode } from '../wire/error-code.ts';
import { Journal } from './journal.ts';
import { MemoryDisk } from './memory-disk.ts';

async function open(disk: MemoryDisk, entries: string[] = []): Promise<Journal<string>> {
  return Journal.open<string>({
    disk,
    path: 'j',
    apply: (entry) => entries.push(entry),
    snapshot: () => entries,
    refusal: ErrorCode.storageError,
    log: () => {},
  });
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

test('every caller whose line went with a failed write is told, also those who shared it', async () => {
  const disk = new MemoryDisk();
  const entries: string[] = [];
  const journal = await open(disk, entries);
  disk.writeFault = () => 5;
  const outcomes = await Promise.allSettled([journal.append('a'), journal.append('b'), journal.append('c')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect([entries, await entriesOf(disk)]).toEqual([[], []]);
});

test('a damaged line in the midst is passed over and counted; those after it are kept', async () => {
  const disk = new MemoryDisk();
  const journal = await open(disk);
  for (const entry of ['a', 'b', 'c']) await journal.append(entry);
  const bytes = Buffer.from(disk.contents('j'));
  bytes.write('X', bytes.indexOf('"b"') + 1);
  disk.replace('j', bytes);
  const entries: string[] = [];
  const again = await open(disk, entries);
  expect([entries, again.damagedLines]).toEqual([['a', 'c'], 1]);
  await again.append('d');
  expect(await entriesOf(disk)).toEqual(['a', 'c', 'd']);
});

/** A journal that states the last value of each key. */
function openLast(disk: MemoryDisk, last = new Map<string, string>(), said: string[] = []) {
  return Journal.open<readonly [string, string]>({
    disk,
    path: 'j',
    apply: ([key, value]) => last.set(key, value),
    snapshot: () => last,
    refusal: ErrorCode.storageError,
    log: (_, message) => said.push(message),
  });
}

test('a journal that has grown is written anew from what it states, the entry that made it grow included', async () => {
  const disk = new MemoryDisk();
  const journal = await openLast(disk);
  const long = 'x'.repeat(10_000);
  for (let i = 0; i < 250; i += 1) {
    await Promise.all([journal.append(['a', `${i}${long}`]), journal.append(['b', `${i}`])]);
    const last = new Map<string, string>();
    await openLast(disk, last);
    expect([last.get('a'), last.get('b')]).toEqual([`${i}${long}`, `${i}`]);
  }
  expect(disk.contents('j').length).toBeLessThan(1_200_000);
});

test('a journal that can not be written anew stays as it is, and is said', async () => {
  const disk = new MemoryDisk();
  const said: string[] = [];
  const journal = await openLast(disk, new Map(), said);
  disk.writeFault = (path) => (path === 'j.new' ? 5 : undefined);
  const long = 'x'.repeat(10_000);
  for (let i = 0; i < 150; i += 1) await journal.append(['a', `${i}${long}`]);
  expect(said).toEqual([expect.stringContaining('could not be shortened')]);
  const last = new Map<string, string>();
  await openLast(disk, last);
  expect(last.get('a')).toBe(`149${long}`);
});

test('what comes after the end is refused, and not said as a fault of the disk', async () => {
  const said: string[] = [];
  const journal = await Journal.open<string>({
    disk: new MemoryDisk(),
    path: 'j',
    apply: () => {},
    snapshot: () => [],
    refusal: ErrorCode.storageError,
    log: (_, message) => said.push(message),
  });
  await journal.close();
  await expect(journal.append('late')).rejects.toThrow('the journal j is closed');
  expect(said).toEqual([]);
});
