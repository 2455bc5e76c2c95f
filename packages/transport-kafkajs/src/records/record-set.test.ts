import type { ProducedRecord } from '@millrace/streams';
import { expect, test } from 'vitest';
import { crc32c } from './crc32c.ts';
import { encodeRecordBatch } from './record-batch-encoder.ts';
import { decodeRecordSet, type RecordSet } from './record-set.ts';

interface Made {
  readonly offset: number;
  readonly values: readonly string[];
  readonly producerId?: bigint;
  /** Added to the attributes: 0x10 transactional, 0x20 control, a codec. */
  readonly attributes?: number;
}

const made = ({ offset, values, producerId = -1n, attributes = 0 }: Made, key: Buffer | null = null): Buffer => {
  const records = values.map(
    (value): ProducedRecord => ({ topic: 't', key, value: Buffer.from(value), timestampMs: 1_000 }),
  );
  const bytes = encodeRecordBatch(records, { producerId, epoch: 0, baseSequence: 0 });
  bytes.writeBigInt64BE(BigInt(offset), 0);
  bytes.writeInt16BE(attributes, 21);
  return sealed(bytes);
};
const sealed = (bytes: Buffer): Buffer => {
  bytes.writeUInt32BE(crc32c(bytes, 21, bytes.length), 17);
  return bytes;
};
const transactional = 0x10;
const marker = (offset: number, producerId: bigint, type: 'abort' | 'commit'): Buffer =>
  made(
    { offset, values: [''], producerId, attributes: transactional | 0x20 },
    Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]),
  );

const set = (parts: readonly Buffer[], aborted: RecordSet['aborted'] = []): RecordSet => ({
  topic: 't',
  partition: 0,
  bytes: Buffer.concat(parts),
  end: 1_000n,
  aborted,
});
const seen = (parts: readonly Buffer[], position = 0n, damaged: 'wait' | 'pass' = 'pass') => {
  const { batch, damage } = decodeRecordSet(set(parts), position, damaged);
  const values = batch?.records.map((record) => `${batch.baseOffset + BigInt(record.delta)} ${record.value}`);
  return { values, unreadable: batch?.unreadable, next: batch?.nextOffset, damage };
};
const before = made({ offset: 0, values: ['a', 'b'] });
const after = made({ offset: 5, values: ['f'] });
/** Offsets 2 to 4. */
const middle = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = made({ offset: 2, values: ['c', 'd', 'e'] });
  change(bytes);
  return bytes;
};

test('[K2] a batch whose checksum does not match is waited for; then it is told as unreadable, and reading goes on behind it', () => {
  const broken = middle((bytes) => bytes.writeUInt8(bytes.readUInt8(80) ^ 1, 80));
  expect(seen([before, broken, after], 0n, 'wait')).toEqual({ values: ['0 a', '1 b'], next: 2n, damage: null });
  expect(seen([broken, after], 2n, 'wait')).toMatchObject({ values: undefined, damage: 'its checksum does not match' });
  expect(seen([broken, after], 2n)).toEqual({
    values: ['5 f'],
    unreadable: [{ from: 2n, to: 5n, timestampMs: 1_000, reason: 'its checksum does not match' }],
    next: 6n,
    damage: null,
  });
});

test.each([
  ['shorter than a header', (bytes: Buffer) => bytes.writeInt32BE(3, 8)],
  ['longer than what came', (bytes: Buffer) => bytes.writeInt32BE(1e9, 8)],
  ['negative', (bytes: Buffer) => bytes.writeInt32BE(-5, 8)],
])('[K2] behind a batch whose length is %s the next sound one is found', (_, change) => {
  expect(seen([middle(change), after], 2n)).toMatchObject({
    values: ['5 f'],
    unreadable: [{ from: 2n, to: 5n, reason: 'its header is damaged' }],
  });
});

test('[K2] a damaged batch with nothing behind it is passed by its own last offset, or where that makes no sense by one offset', () => {
  const broken = middle((bytes) => bytes.writeUInt8(bytes.readUInt8(80) ^ 1, 80));
  expect(seen([broken], 2n).next).toBe(5n);
  const senseless = middle((bytes) => bytes.writeInt32BE(1_000_000, 23));
  expect(seen([senseless], 2n).next).toBe(3n);
  for (const bytes of [30, 5]) expect(seen([senseless.subarray(0, bytes)], 3n).next).toBe(4n);
});

test('[K2] a sound batch that cannot be read is told with the reason, what was read of it included, at once', () => {
  const unknown = made({ offset: 2, values: ['c', 'd', 'e'], attributes: 5 });
  const squeezed = made({ offset: 2, values: ['c', 'd', 'e'], attributes: 3 });
  const counting = sealed(middle((bytes) => bytes.writeInt32BE(4, 57)));
  const short = sealed(middle((bytes) => bytes.writeInt32BE(2, 57)));
  const lying = sealed(middle((bytes) => bytes.writeUInt8(2 * 60, bytes.length - 3))); // the last value's length
  const reasons = [
    'it is compressed with an unknown codec, 5',
    'it does not decompress with lz4: it does not begin as a frame',
    'its record 4 of 4 ends beyond it',
    'it goes on behind its 2 records',
    'its record 3 of 3 is malformed',
  ];
  for (const [index, batch] of [unknown, squeezed, counting, short, lying].entries()) {
    const { values, unreadable } = seen([before, batch, after], 0n, 'wait');
    expect(values).toEqual(['0 a', '1 b', '5 f']);
    expect(unreadable).toEqual([{ from: 2n, to: 5n, timestampMs: 1_000, reason: reasons[index] }]);
  }
});

test('[K2] messages of the formats of before 2017 are told as unreadable', () => {
  const old = Buffer.alloc(34);
  old.writeBigInt64BE(4n, 0);
  old.writeInt32BE(22, 8);
  old.writeUInt8(1, 16);
  expect(seen([old, after], 2n, 'wait')).toMatchObject({
    values: ['5 f'],
    unreadable: [{ from: 2n, to: 5n, reason: "it has Kafka's record format 1 of before 2017; only 2 is read" }],
  });
});

test('[K3] what was aborted is left out: transactions that overlap, that follow one another, in any order of the list', () => {
  const of = (producerId: bigint, offset: number, value: string) =>
    made({ offset, values: [value], producerId, attributes: transactional });
  const parts = [
    of(1n, 0, 'aborted 1'),
    of(2n, 1, 'committed 2'),
    made({ offset: 2, values: ['plain'], producerId: 1n }),
    of(1n, 3, 'aborted 1'),
    marker(4, 1n, 'abort'),
    of(1n, 5, 'committed 1'),
    of(3n, 6, 'aborted 3'),
    marker(7, 2n, 'commit'),
    marker(8, 1n, 'commit'),
    of(1n, 9, 'aborted 1 again'),
    marker(10, 3n, 'abort'),
    of(3n, 11, 'committed 3'),
    marker(12, 1n, 'abort'),
    marker(13, 3n, 'commit'),
  ];
  const aborted = [
    { producerId: 1n, firstOffset: 9n },
    { producerId: 3n, firstOffset: 6n },
    { producerId: 1n, firstOffset: 0n },
  ];
  const { batch } = decodeRecordSet(set(parts, aborted), 0n, 'wait');
  expect(batch?.records.map(({ value }) => String(value))).toEqual([
    'committed 2',
    'plain',
    'committed 1',
    'committed 3',
  ]);
  expect(batch?.nextOffset).toBe(14n);
});

test('[K3] what was aborted before the first batch of a set, and nothing but that, is left out and passed', () => {
  const parts = [made({ offset: 4, values: ['x'], producerId: 1n, attributes: transactional }), marker(5, 1n, 'abort')];
  const { batch } = decodeRecordSet(set(parts, [{ producerId: 1n, firstOffset: 0n }]), 4n, 'wait');
  expect(batch).toMatchObject({ records: [], nextOffset: 6n });
});
