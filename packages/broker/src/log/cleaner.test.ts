import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { cleanLog } from './cleaner.ts';
import { LogRig, readText } from './log-rig.ts';
import type { PartitionLog } from './partition-log.ts';
import { batchHeaderBytes, RecordBatch } from './record-batch.ts';

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

test('compressed batches are cleaned too, and stay compressed', async () => {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  await log.append(zipped(rig.batchWith({ key: 'a', values: ['a1', 'a2'] })));
  await put(rig, log, 'b', 'b1');
  await log.roll();
  await cleanLog(log, rig.clock.now());
  expect(await readText(log)).toEqual(['1:a2', '2:b1']);
  expect(new RecordBatch(await log.read(0n, 10, 'read-uncommitted', true)).compression).toBe('gzip');
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

function zipped(batch: RecordBatch): RecordBatch {
  const bytes = Buffer.concat([batch.bytes.subarray(0, batchHeaderBytes), gzipSync(batch.payload)]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt16BE(1, 21);
  const made = new RecordBatch(bytes);
  made.sealCrc();
  return made;
}
