import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ErrorCode } from '../wire/error-code.ts';
import { LogRig, readBatches, readText, startMs } from './log-rig.ts';
import { RecordBatch } from './record-batch.ts';
import { firstOffsetAtOrAfter, offsetOfMaxTimestamp } from './time-lookup.ts';

test('a batch is stored as it came, but for its base offset and epoch', async () => {
  const rig = new LogRig();
  const log = await rig.open();
  await log.append(rig.batch('first'));
  const sent = rig.batch('a', 'b');
  const before = Buffer.from(sent.bytes);
  const { baseOffset } = await log.append(sent);
  const [, stored] = await readBatches(log);
  expect([baseOffset, stored?.baseOffset, stored?.crcHolds]).toEqual([1n, 1n, true]);
  expect(stored?.bytes.subarray(16)).toEqual(before.subarray(16));
});

test('records are read back from any offset, over any number of segments', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.string({ maxLength: 30 }), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 100, max: 2_000 }),
      async (batches, segmentBytes) => {
        const rig = new LogRig({ 'segment.bytes': String(segmentBytes) });
        const log = await rig.open();
        for (const values of batches) await log.append(rig.batch(...values));
        const expected = batches.flat().map((value, offset) => `${offset}:${value}`);
        for (const from of [0, Math.floor(expected.length / 2), expected.length - 1]) {
          const seen = await readText(log, BigInt(from));
          expect(seen.slice(-(expected.length - from))).toEqual(expected.slice(from));
        }
        const reopened = await rig.open();
        expect(await readText(reopened)).toEqual(expected);
        expect(reopened.endOffset).toBe(log.endOffset);
      },
    ),
    { numRuns: 30 },
  );
});

test('a log that was closed opens from its checkpoints as it was', async () => {
  const rig = new LogRig({ 'segment.bytes': '300' });
  const log = await rig.open();
  for (let i = 0; i < 20; i += 1)
    await log.append(rig.batchWith({ values: [`v${i}`], producerId: 7n, epoch: 0, sequence: i }));
  await log.close();
  const reopened = await rig.open();
  expect(await readText(reopened)).toHaveLength(20);
  const repeated = rig.batchWith({ values: ['v19'], producerId: 7n, epoch: 0, sequence: 19 });
  expect((await reopened.append(repeated)).baseOffset).toBe(19n);
});

test('a tail torn at any byte is cut after the last whole batch, and the log goes on there', async () => {
  const rig = new LogRig();
  const log = await rig.open();
  await log.append(rig.batch('kept'));
  const keptBytes = rig.disk.contents('log/00000000000000000000.log').length;
  await log.append(rig.batch('torn'));
  const whole = Buffer.from(rig.disk.contents('log/00000000000000000000.log'));
  for (let cut = keptBytes; cut < whole.length; cut += 1) {
    rig.disk.replace('log/00000000000000000000.log', whole.subarray(0, cut));
    const reopened = await rig.open();
    expect(await readText(reopened)).toEqual(['0:kept']);
    expect((await reopened.append(rig.batch('next'))).baseOffset).toBe(1n);
  }
  expect(rig.said.at(-1)).toMatch(/cut \d+ bytes off/);
});

test('a damaged byte in the tail ends the log before its batch', async () => {
  const rig = new LogRig();
  const log = await rig.open();
  await log.append(rig.batch('kept'));
  await log.append(rig.batch('damaged'));
  const bytes = Buffer.from(rig.disk.contents('log/00000000000000000000.log'));
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 4) ^ 0xff, bytes.length - 4);
  rig.disk.replace('log/00000000000000000000.log', bytes);
  expect(await readText(await rig.open())).toEqual(['0:kept']);
});

test('damage in a segment at rest is told to who reads there; what stands before and in other segments is served', async () => {
  const rig = new LogRig({ 'segment.bytes': '300' });
  const log = await rig.open();
  for (let i = 0; i < 12; i += 1) await log.append(rig.batch(`v${i}`));
  await log.close();
  const second = rig.logFiles()[1] ?? '';
  const damagedFrom = BigInt(second.slice(-24, -4)) + 1n;
  const bytes = Buffer.from(rig.disk.contents(second));
  const at = new RecordBatch(bytes).sizeBytes;
  for (const [lengthField, said] of [
    [-12, /is damaged at byte/], // A batch of no bytes would be read for ever.
    [-1_000, /is damaged at byte/],
    [2 ** 31 - 13, /is damaged at byte/],
  ] as const) {
    bytes.writeInt32BE(lengthField, at + 8);
    bytes.writeInt8(lengthField > 0 ? 7 : 2, at + 16);
    rig.disk.replace(second, bytes);
    const reopened = await rig.open();
    const read = (offset: bigint) => reopened.read(offset, 10_000, 'read-uncommitted', true);
    await expect(read(damagedFrom)).rejects.toMatchObject({ code: ErrorCode.corruptMessage });
    expect(rig.said.at(-1)).toMatch(said);
    const before = await read(damagedFrom - 1n);
    expect(before.length).toBe(at);
    const third = BigInt((rig.logFiles()[2] ?? '').slice(-24, -4));
    expect(new RecordBatch(await read(third)).baseOffset).toBe(third);
    expect((await reopened.append(rig.batch('next'))).baseOffset).toBe(reopened.endOffset - 1n);
    await expect(firstOffsetAtOrAfter(reopened, startMs)).resolves.toMatchObject({ offset: 0n });
  }
});

test('a full disk refuses the batch and leaves the log as it was', async () => {
  const rig = new LogRig();
  const log = await rig.open();
  await log.append(rig.batch('kept'));
  rig.disk.writeFault = () => 30;
  await expect(log.append(rig.batch('refused'))).rejects.toMatchObject({ code: ErrorCode.storageError });
  rig.disk.writeFault = undefined;
  expect((await log.append(rig.batch('next'))).baseOffset).toBe(1n);
  expect(await readText(await rig.open())).toEqual(['0:kept', '1:next']);
});

test('the first batch of a read is whole however small the limit, others stay within it', async () => {
  const rig = new LogRig();
  const log = await rig.open();
  await log.append(rig.batch('x'.repeat(50_000)));
  await log.append(rig.batch('y'));
  const bytes = await log.read(0n, 10, 'read-uncommitted', true);
  expect(bytes.length).toBe(new RecordBatch(bytes).sizeBytes);
  expect(await log.read(0n, 10, 'read-uncommitted', false)).toHaveLength(0);
});

test('offsets before the start and after the end are out of range', async () => {
  const rig = new LogRig();
  const log = await rig.open();
  await log.append(rig.batch('a', 'b', 'c'));
  await log.advanceStart(2n);
  const read = (offset: bigint) => log.read(offset, 100, 'read-uncommitted', true);
  await expect(read(1n)).rejects.toMatchObject({ code: ErrorCode.offsetOutOfRange });
  await expect(read(4n)).rejects.toMatchObject({ code: ErrorCode.offsetOutOfRange });
  expect(await read(3n)).toHaveLength(0);
  expect((await rig.open()).startOffset).toBe(2n);
});

test('read_committed ends where the first open transaction begins, and knows what was aborted, also after a crash', async () => {
  const rig = new LogRig();
  const log = await rig.open();
  const write = (producerId: bigint) =>
    log.append(rig.batchWith({ values: ['t'], producerId, epoch: 0, sequence: 0, transactional: true }));
  await write(1n);
  await write(2n);
  expect(log.stableOffset).toBe(0n);
  await log.appendMarker(1n, 0, 'abort');
  expect(log.stableOffset).toBe(1n);
  await log.appendMarker(2n, 0, 'commit');
  for (const opened of [log, await rig.open()]) {
    expect(opened.stableOffset).toBe(4n);
    expect(opened.abortedWithin(0n, 4n)).toEqual([{ producerId: 1n, firstOffset: 0n, lastOffset: 2n }]);
    expect(opened.abortedWithin(3n, 4n)).toEqual([]);
  }
});

test('a time is looked up to the record, over segments', async () => {
  const rig = new LogRig({ 'segment.bytes': '200' });
  const log = await rig.open();
  for (let i = 0; i < 20; i += 1)
    await log.append(rig.batchWith({ values: ['v'], timestampMs: startMs - 1_000 + i * 10 }));
  expect(await firstOffsetAtOrAfter(log, startMs - 1_000 + 95)).toEqual({ offset: 10n, timestampMs: startMs - 900 });
  expect(await firstOffsetAtOrAfter(log, startMs)).toBeNull();
  expect(await offsetOfMaxTimestamp(log)).toMatchObject({ offset: 19n });
});
