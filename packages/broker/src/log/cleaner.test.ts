import { expect, test } from 'vitest';
import { compressed } from '../../conformance/record-batches.ts';
import { ErrorCode } from '../wire/error-code.ts';
import { cleanLog } from './cleaner.ts';
import { LogRig, readBatches, readText, startMs } from './log-rig.ts';
import type { PartitionLog } from './partition-log.ts';
import { batchHeaderBytes, RecordBatch } from './record-batch.ts';
import { offsetOfMaxTimestamp } from './time-lookup.ts';

const compacted = { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0', 'delete.retention.ms': '1000' };

async function put(rig: LogRig, log: PartitionLog, key: string, value: string | null): Promise<void> {
  await log.append(rig.batchWith({ key, values: [value] }));
}

test('of each key the last record stays, at its offset, and the active segment is not touched', async () => {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  for (const [key, value] of [
    ['a', 'a1'],
    ['b', 'b1'],
    ['a', 'a2'],
    ['c', 'c1'],
    ['b', 'b2'],
  ] as const)
    await put(rig, log, key, value);
  await log.roll();
  await put(rig, log, 'a', 'active');
  await put(rig, log, 'a', 'active too');
  expect(await cleanLog(log, rig.clock.now())).toBe(true);
  const expected = ['2:a2', '3:c1', '4:b2', '5:active', '6:active too'];
  expect(await readText(log)).toEqual(expected);
  expect(await readText(log, 3n)).toEqual(expected.slice(1));
  expect(await readText(await rig.open())).toEqual(expected);
});

test('what is younger than min.compaction.lag.ms stays, and what comes after it', async () => {
  const rig = new LogRig({ ...compacted, 'min.compaction.lag.ms': '3600000' });
  const log = await rig.open();
  await put(rig, log, 'a', 'a1');
  await put(rig, log, 'a', 'a2');
  await log.roll();
  expect(await cleanLog(log, rig.clock.now())).toBe(false);
  expect(await readText(log)).toEqual(['0:a1', '1:a2']);
  rig.clock.advance(3_600_000);
  expect(await cleanLog(log, rig.clock.now())).toBe(true);
  expect(await readText(log)).toEqual(['1:a2']);
});

test('what has waited for max.compaction.lag.ms is compacted, however little of the log it is', async () => {
  const rig = new LogRig({ ...compacted, 'min.cleanable.dirty.ratio': '0.9', 'max.compaction.lag.ms': '60000' });
  const log = await rig.open();
  for (let i = 0; i < 20; i += 1) await put(rig, log, `key ${i}`, 'x');
  await log.roll();
  expect(await cleanLog(log, rig.clock.now())).toBe(true);
  rig.clock.advance(1_000);
  await put(rig, log, 'a', 'a1');
  await put(rig, log, 'a', 'a2');
  rig.clock.advance(59_000);
  await put(rig, log, 'b', 'b1');
  expect(await cleanLog(log, rig.clock.now())).toBe(false);
  rig.clock.advance(1_001);
  await put(rig, log, 'c', 'c1'); // Begins a segment: the one before has been written to for so long.
  expect(await cleanLog(log, rig.clock.now())).toBe(true);
  expect((await readText(log)).slice(20)).toEqual(['21:a2', '22:b1', '23:c1']);
});

test('a tombstone stays for delete.retention.ms after the cleaning that first met it, then goes', async () => {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  await put(rig, log, 'a', 'a1');
  await put(rig, log, 'a', null);
  await log.roll();
  await cleanLog(log, rig.clock.now());
  expect(await readText(log)).toEqual(['1:null']);
  rig.clock.advance(1_500);
  await put(rig, log, 'b', 'b1');
  await log.roll();
  await cleanLog(log, rig.clock.now());
  expect(await readText(log)).toEqual(['2:b1']);
});

for (const codec of ['gzip', 'snappy', 'lz4'] as const) {
  test(`what stays of a ${codec} batch is written as gzip; a batch that stays whole is left as it is`, async () => {
    const rig = new LogRig(compacted);
    const log = await rig.open();
    const append = (key: string, values: (string | null)[]) =>
      log.append(new RecordBatch(compressed(rig.batchWith({ key, values }).bytes, codec)));
    await append('a', ['a1', 'a2']);
    await append('b', ['b1']);
    await append('gone', ['soon', null]);
    await log.roll();
    await cleanLog(log, rig.clock.now());
    expect(await readText(log)).toEqual(['1:a2', '2:b1', '4:null']);
    const found = await readBatches(log);
    expect(found.map(({ compression }) => compression)).toEqual(['gzip', codec, 'gzip']);
    expect(found.every(({ crcHolds }) => crcHolds)).toBe(true);
    rig.clock.advance(1_500);
    await put(rig, log, 'c', 'c1');
    await log.roll();
    await cleanLog(log, rig.clock.now());
    expect(await readText(log)).toEqual(['1:a2', '2:b1', '5:c1']);
  });
}

test('what can not be looked into stays, and so do the tombstones that may hide something in it', async () => {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  const sealed = rig.batchWith({ key: 'a', values: ['no record'] });
  sealed.bytes.fill(0xff, batchHeaderBytes);
  sealed.sealCrc();
  await put(rig, log, 'before', null);
  await log.append(sealed);
  await put(rig, log, 'after', null);
  await log.roll();
  await cleanLog(log, rig.clock.now());
  rig.clock.advance(1_500);
  await put(rig, log, 'c', 'c1');
  await log.roll();
  await cleanLog(log, rig.clock.now());
  expect((await readBatches(log)).map(({ baseOffset }) => baseOffset)).toEqual([1n, 2n, 3n]);
});

test('records without a key, of before the topic was compacted, go', async () => {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  await log.append(rig.batch('no key'));
  await put(rig, log, 'a', 'a1');
  await log.roll();
  await cleanLog(log, rig.clock.now());
  expect(await readText(log)).toEqual(['1:a1']);
});

test('the highest time is that of a record that is still there', async () => {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  const at = (timestampMs: number, key: string) => rig.batchWith({ key, values: ['v'], timestampMs });
  await log.append(at(startMs + 2_000, 'a'));
  await log.append(at(startMs + 1_000, 'a'));
  await log.append(at(startMs, 'b'));
  await log.roll();
  await cleanLog(log, rig.clock.now());
  expect(await offsetOfMaxTimestamp(log)).toEqual({ offset: 1n, timestampMs: startMs + 1_000 });
});

test('a commit marker goes when nothing of its transaction is left and its time is over; an abort marker stays', async () => {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  const write = (producerId: bigint, key: string, sequence: number) =>
    log.append(rig.batchWith({ key, values: ['t'], producerId, epoch: 0, sequence, transactional: true }));
  const offsets = async () => (await readBatches(log)).map(({ baseOffset }) => Number(baseOffset));
  await write(1n, 'a', 0);
  await write(1n, 'b', 1);
  await log.roll(); // The marker is in another segment than its records.
  await log.appendMarker(1n, 0, 'commit');
  await write(2n, 'a', 0);
  await log.roll();
  await log.appendMarker(2n, 0, 'abort');
  await put(rig, log, 'a', 'later');
  await log.roll();
  await cleanLog(log, rig.clock.now());
  expect(await offsets()).toEqual([1, 2, 4, 5]);
  rig.clock.advance(1_500);
  await put(rig, log, 'b', 'later');
  await log.roll();
  await cleanLog(log, rig.clock.now());
  expect(await offsets()).toEqual([4, 5, 6]);
  expect(log.abortedWithin(0n, 7n)).toEqual([{ producerId: 2n, firstOffset: 3n, lastOffset: 4n }]);
  const reopened = await rig.open();
  expect([reopened.stableOffset, await readText(reopened)]).toEqual([7n, ['5:later', '6:later']]);
});

test('a transaction that is decided only in the segment being written to is kept, and is read as committed', async () => {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  const transactional = { producerId: 1n, epoch: 0, transactional: true };
  await put(rig, log, 'a', 'before');
  await log.append(rig.batchWith({ key: 'a', values: ['first'], sequence: 0, ...transactional }));
  await log.roll();
  await log.append(rig.batchWith({ key: 'b', values: ['second'], sequence: 1, ...transactional }));
  await log.roll();
  expect(await cleanLog(log, rig.clock.now())).toBe(false);
  await log.appendMarker(1n, 0, 'commit');
  expect(await cleanLog(log, rig.clock.now())).toBe(true);
  expect(await readText(log)).toEqual(['1:first', '2:second']);
  expect([log.stableOffset, (await rig.open()).stableOffset]).toEqual([4n, 4n]);
});

test('the records of an aborted transaction go, and do not hide what was there before', async () => {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  await put(rig, log, 'a', 'good');
  await log.append(
    rig.batchWith({ key: 'a', values: ['bad'], producerId: 1n, epoch: 0, sequence: 0, transactional: true }),
  );
  await log.roll();
  expect(await cleanLog(log, rig.clock.now())).toBe(false); // The first segment holds an open transaction: nothing is cleaned.
  await log.appendMarker(1n, 0, 'abort');
  await log.roll();
  await cleanLog(log, rig.clock.now());
  expect(await readText(log)).toEqual(['0:good']);
});

test('many small segments become few', async () => {
  const rig = new LogRig({ ...compacted, 'segment.bytes': '1000' });
  const log = await rig.open();
  for (let i = 0; i < 50; i += 1) {
    await put(rig, log, `k${i % 3}`, `v${i}`);
    await log.roll();
  }
  await cleanLog(log, rig.clock.now());
  expect(await readText(log)).toEqual(['47:v47', '48:v48', '49:v49']);
  expect(rig.logFiles().length).toBeLessThan(10);
  expect((await rig.open()).endOffset).toBe(50n);
});

test('a producer goes on in its sequence after a cleaning and a restart', async () => {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  const batch = (sequence: number) => rig.batchWith({ key: 'a', values: ['v'], producerId: 9n, epoch: 0, sequence });
  for (let sequence = 0; sequence < 3; sequence += 1) await log.append(batch(sequence));
  await log.roll();
  await cleanLog(log, rig.clock.now());
  await log.close();
  const reopened = await rig.open();
  expect((await reopened.append(batch(2))).baseOffset).toBe(2n);
  expect((await reopened.append(batch(3))).baseOffset).toBe(3n);
});

test('a topic that is not compacted is left alone', async () => {
  const rig = new LogRig();
  const log = await rig.open();
  await put(rig, log, 'a', 'a1');
  await put(rig, log, 'a', 'a2');
  await log.roll();
  expect(await cleanLog(log, rig.clock.now())).toBe(false);
});

test('a segment with a wrong checksum is not cleaned: written anew, the damage would not show any more', async () => {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  for (const value of ['a1', 'a2', 'a3']) await put(rig, log, 'a', value);
  await log.roll();
  const [file = ''] = rig.logFiles();
  const damaged = Buffer.from(rig.disk.contents(file));
  damaged.writeUInt8(damaged.readUInt8(damaged.length - 2) ^ 1, damaged.length - 2);
  rig.disk.replace(file, damaged);
  const reopened = await rig.open();
  await expect(cleanLog(reopened, rig.clock.now())).rejects.toMatchObject({ code: ErrorCode.corruptMessage });
  expect(await readBatches(reopened)).toHaveLength(3);
  expect(rig.disk.contents(file)).toEqual(damaged);
});
