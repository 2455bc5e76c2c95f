import { createRequire } from 'node:module';
import type { ProducedRecord, RecordHeaders } from '@millrace/streams';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeProduce } from '../producer/produce-request.ts';
import { encodeRecordBatch } from './record-batch-encoder.ts';
import { decodeRecordSet, type RecordSet } from './record-set.ts';

// The stock implementation is the oracle: its modules have no types.
interface StockRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer>;
}
const stock = createRequire(import.meta.url);
const StockDecoder = stock('kafkajs/src/protocol/decoder.js');
const stockDecode: (decoder: unknown) => Promise<{ records: StockRecord[] }> = stock(
  'kafkajs/src/protocol/recordBatch/v0/decoder.js',
);
const { RecordBatch: stockEncode } = stock('kafkajs/src/protocol/recordBatch/v0/index.js');
const stockRecord = stock('kafkajs/src/protocol/recordBatch/record/v0/index.js');
const stockProduce = stock('kafkajs/src/protocol/requests/produce/v7/request.js');

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const payload = fc.option(bytes, { nil: null });
// Stock takes what every object inherits, such as `toString`, for a header that came before.
const headers = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !(name in {})),
  bytes,
  { minKeys: 1, maxKeys: 3 },
);
const record = fc
  .record({
    key: payload,
    value: payload,
    timestampMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    headers: fc.option(headers, { nil: undefined }),
  })
  .map(
    ({ headers, ...rest }): ProducedRecord => ({
      topic: 't',
      ...rest,
      ...(headers === undefined ? {} : { headers: Object.entries(headers) }),
    }),
  );
const records = fc.array(record, { minLength: 1, maxLength: 200 });

const stamp = { producerId: 7n, epoch: 2, baseSequence: 41 };
const set = (bytes: Buffer): RecordSet => ({ topic: 't', partition: 0, bytes, end: 1_000n, aborted: [] });
const decode = (bytes: Buffer, position: bigint) => decodeRecordSet(set(bytes), position, 'wait').batch;

const stockBytes = async (list: readonly ProducedRecord[], compression: number, firstOffset = 0): Promise<Buffer> => {
  const firstTimestamp = list[0]?.timestampMs ?? 0;
  const encoded = list.map(({ key, value, timestampMs, headers = [] }, offsetDelta) =>
    stockRecord({
      offsetDelta,
      timestampDelta: timestampMs - firstTimestamp,
      key,
      value,
      headers: Object.fromEntries(headers),
    }),
  );
  const maxTimestamp = Math.max(...list.map(({ timestampMs }) => timestampMs));
  const batch = await stockEncode({
    compression,
    firstOffset,
    firstTimestamp,
    maxTimestamp,
    lastOffsetDelta: list.length - 1,
    records: encoded,
  });
  return Buffer.from(batch.buffer);
};

const shown = (list: readonly ProducedRecord[]) =>
  list.map(({ key, value, timestampMs, headers }) => ({ key, value, timestampMs, ...(headers ? { headers } : {}) }));

test('stock KafkaJS reads what the encoder writes', async () => {
  await fc.assert(
    fc.asyncProperty(records, async (list) => {
      const batch = await stockDecode(new StockDecoder(encodeRecordBatch(list, stamp)));
      const read = batch.records.map(({ key, value, timestamp, headers }) => ({
        key,
        value,
        timestampMs: Number(timestamp),
        ...(Object.keys(headers).length > 0 ? { headers: Object.entries(headers) } : {}),
      }));
      expect(read).toEqual(shown(list));
      expect(batch.records.map(({ offset }) => offset)).toEqual(list.map((_, index) => String(index)));
    }),
    { numRuns: 60 },
  );
});

test('the decoder reads what stock KafkaJS writes, plain and gzipped, checksum included', async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.constantFrom(0, 1), fc.integer({ min: 0, max: 1e9 }), async (list, codec, base) => {
      const batch = decode(await stockBytes(list, codec, base), BigInt(base));
      expect(batch?.baseOffset).toBe(BigInt(base));
      expect(batch?.nextOffset).toBe(BigInt(base + list.length));
      expect(batch?.records).toEqual(shown(list).map((record, delta) => ({ delta, ...record })));
    }),
    { numRuns: 60 },
  );
});

test('a Produce request has the bytes of stock KafkaJS but for the leader epoch', async () => {
  await fc.assert(
    fc.asyncProperty(records, async (list) => {
      const sorted = [...list].sort((a, b) => a.timestampMs - b.timestampMs);
      const messages = sorted.map(({ key, value, timestampMs, headers }) => ({
        key,
        value,
        timestamp: timestampMs || 1,
        headers: headers && Object.fromEntries(headers),
      }));
      const same = sorted.map((record) => ({ ...record, timestampMs: record.timestampMs || 1 }));
      // Stock takes the first and the greatest timestamp by their text: keep to one length.
      fc.pre(new Set(same.map(({ timestampMs }) => String(timestampMs).length)).size === 1);
      const { encode } = stockProduce({
        acks: -1,
        timeout: 20_000,
        transactionalId: null,
        producerId: 7,
        producerEpoch: 2,
        compression: 0,
        topicData: [{ topic: 't', partitions: [{ partition: 3, firstSequence: 41, messages }] }],
      });
      const expected: Buffer = Buffer.from((await encode()).buffer);
      const actual = encodeProduce([{ topic: 't', partition: 3, bytes: encodeRecordBatch(same, stamp) }]);
      const leaderEpoch = 2 + 2 + 4 + 4 + 3 + 4 + 8 + 12;
      actual.fill(0, leaderEpoch, leaderEpoch + 4);
      expect(actual.equals(expected)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

const some = (count: number): ProducedRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    topic: 't',
    key: Buffer.from(`k${i}`),
    value: null,
    timestampMs: 1_000 + i,
  }));

test('records below the position are left out, and a batch cut off at the end waits for the next fetch', async () => {
  const [first, second] = [await stockBytes(some(5), 0, 10), await stockBytes(some(5), 1, 15)];
  const cut = decode(Buffer.concat([first, second.subarray(0, second.length - 1)]), 12n);
  expect(cut?.records.map(({ delta }) => delta)).toEqual([2, 3, 4]);
  expect(cut?.nextOffset).toBe(15n);
  const whole = decode(Buffer.concat([first, second]), 12n);
  expect(whole?.records.map(({ delta }) => delta)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  expect(whole?.nextOffset).toBe(20n);
});

test('a control batch is passed over', async () => {
  const marker = await stockBytes(some(1), 0, 5);
  marker.writeInt16BE(marker.readInt16BE(21) | 0x20, 21);
  marker.writeUInt32BE((await import('./crc32c.ts')).crc32c(marker, 21, marker.length), 17);
  const batch = decode(Buffer.concat([await stockBytes(some(5), 0, 0), marker]), 0n);
  expect(batch?.records).toHaveLength(5);
  expect(batch?.nextOffset).toBe(6n);
});

test('headers keep order, repeats, nulls, bytes, and names that every object inherits', () => {
  const headers: RecordHeaders = [
    ['toString', Buffer.from('1')],
    ['b', Buffer.from([0xff, 0])],
    ['', null],
    ['b', Buffer.alloc(0)],
    ['__proto__', Buffer.from('2')],
    ['b', null],
  ];
  const record = { topic: 't', key: null, value: null, timestampMs: 0, headers };
  expect(decode(encodeRecordBatch([record], stamp), 0n)?.records[0]?.headers).toEqual(headers);
});
