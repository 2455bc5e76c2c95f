import { CompressionTypes } from 'kafkajs';
import { expect } from 'vitest';
import { produce } from '../src/apis/00-produce.ts';
import { fetch } from '../src/apis/01-fetch.ts';
import { initProducerId } from '../src/apis/22-init-producer-id.ts';
import { batchHeaderBytes, RecordBatch } from '../src/log/record-batch.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import { uuid } from '../src/wire/schema.ts';
import type { RawClient } from './raw-client.ts';
import { batchOf, compressed } from './record-batches.ts';
import { fetchOne, fetchRequest, produceBatch } from './requests.ts';
import { conforms, readiness, target } from './target.ts';

const t = target();

/** For an idempotent producer. A fresh Kafka answers COORDINATOR_LOAD_IN_PROGRESS until its controller has given it ids. */
async function newProducerId(client: RawClient): Promise<bigint> {
  const request = { ...initProducerId.request.empty, transactionTimeoutMs: 60_000 };
  const initialise = () => client.call(initProducerId, 1, request);
  await expect.poll(async () => (await initialise()).errorCode, readiness).toBe(ErrorCode.none);
  return (await initialise()).producerId;
}

conforms('KafkaJS gets back what it sent: keys, nulls, headers, times, compressed or not', async () => {
  const topic = await t.topic();
  const kafka = t.kafka();
  const producer = kafka.producer();
  await producer.connect();
  const timestamp = String(Date.now() - 60_000);
  await producer.send({ topic, messages: [{ key: 'k', value: 'plain', headers: { h: 'x' }, timestamp }] });
  await producer.send({
    topic,
    compression: CompressionTypes.GZIP,
    messages: [{ key: 'k', value: null }, { value: 'zipped' }],
  });
  await producer.disconnect();
  const consumer = kafka.consumer({ groupId: await t.group(), maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const seen: unknown[] = [];
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({
      message: { key, value, headers, offset, timestamp: at },
    }: Parameters<NonNullable<Parameters<typeof consumer.run>[0]>['eachMessage'] & {}>[0]) => {
      seen.push([offset, key?.toString(), value?.toString(), headers?.['h']?.toString(), offset === '0' ? at : '']);
      if (seen.length === 3) resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  expect(seen).toEqual([
    ['0', 'k', 'plain', 'x', timestamp],
    ['1', 'k', undefined, undefined, ''],
    ['2', undefined, 'zipped', undefined, ''],
  ]);
});

conforms('acks 0 has no answer, and its records arrive', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const topics = [{ name: topic, partitions: [{ index: 0, records: batchOf({ values: ['quiet'] }) }] }];
  client.send(produce, 7, { transactionalId: null, acks: 0, timeoutMs: 1_000, topics });
  expect((await fetchOne(client, topic, { maxWaitMs: 2_000 })).values).toEqual(['quiet']);
});

conforms('other acks are refused', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const { errorCode } = await produceBatch(client, topic, batchOf({ values: ['v'] }), { acks: 2 });
  expect(errorCode).toBe(ErrorCode.invalidRequiredAcks);
});

conforms('offsets follow one another over batches', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  expect((await produceBatch(client, topic, batchOf({ values: ['a', 'b'] }))).baseOffset).toBe(0n);
  expect((await produceBatch(client, topic, batchOf({ values: ['c'] }))).baseOffset).toBe(2n);
  const { values, highWatermark } = await fetchOne(client, topic);
  expect([values, highWatermark]).toEqual([['a', 'b', 'c'], 3n]);
});

conforms('an unknown topic or partition is an error of that partition alone', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  expect((await produceBatch(client, topic, batchOf({ values: ['v'] }), { partition: 7 })).errorCode).toBe(
    ErrorCode.unknownTopicOrPartition,
  );
  expect((await fetchOne(client, topic, { partition: 7 })).errorCode).toBe(ErrorCode.unknownTopicOrPartition);
});

conforms('a batch whose checksum is wrong is refused', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const batch = batchOf({ values: ['value'] });
  batch.writeUInt8(batch.readUInt8(batch.length - 3) ^ 1, batch.length - 3);
  expect((await produceBatch(client, topic, batch)).errorCode).toBe(ErrorCode.corruptMessage);
  expect((await fetchOne(client, topic)).highWatermark).toBe(0n);
});

conforms('a batch larger than max.message.bytes is refused', async () => {
  const topic = await t.topic(1, { 'max.message.bytes': '1000' });
  const client = await t.raw();
  const large = batchOf({ values: ['x'.repeat(2_000)] });
  expect((await produceBatch(client, topic, large)).errorCode).toBe(ErrorCode.messageTooLarge);
});

conforms('max.message.bytes counts the whole batch as it is sent, compressed', async () => {
  const records = batchOf({ values: ['x'.repeat(2_000)] });
  const topic = await t.topic(1, { 'max.message.bytes': String(records.length) });
  const client = await t.raw();
  const longer = batchOf({ values: ['x'.repeat(2_001)] });
  expect((await produceBatch(client, topic, records)).errorCode).toBe(ErrorCode.none);
  expect((await produceBatch(client, topic, longer)).errorCode).toBe(ErrorCode.messageTooLarge);
  expect((await produceBatch(client, topic, compressed(longer, 'snappy'))).errorCode).toBe(ErrorCode.messageTooLarge);
  expect((await produceBatch(client, topic, compressed(longer, 'gzip'))).errorCode).toBe(ErrorCode.none);
});

conforms('a time more than an hour ahead is refused', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const early = batchOf({ values: ['v'], timestampMs: Date.now() + 7_200_000 });
  expect((await produceBatch(client, topic, early)).errorCode).toBe(ErrorCode.invalidTimestamp);
});

conforms('LogAppendTime replaces the time of the records', async () => {
  const topic = await t.topic(1, { 'message.timestamp.type': 'LogAppendTime' });
  const client = await t.raw();
  const { appendTimeMs } = await produceBatch(client, topic, batchOf({ values: ['v'], timestampMs: 1_000 }));
  const { batches } = await fetchOne(client, topic);
  expect(appendTimeMs).toBeGreaterThan(1_000n);
  expect([batches[0]?.hasAppendTime, batches[0]?.maxTimestampMs, batches[0]?.crcHolds]).toEqual([
    true,
    Number(appendTimeMs),
    true,
  ]);
});

conforms('a repeated batch of an idempotent producer is answered with its offset and written once', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const producerId = await newProducerId(client);
  const send = (sequence: number) =>
    produceBatch(client, topic, batchOf({ values: ['a', 'b'], producerId, epoch: 0, sequence }));
  expect((await send(0)).baseOffset).toBe(0n);
  expect((await send(2)).baseOffset).toBe(2n);
  expect(await send(0)).toMatchObject({ errorCode: ErrorCode.none, baseOffset: 0n });
  expect((await fetchOne(client, topic)).highWatermark).toBe(4n);
});

conforms('a gap in the sequence of an idempotent producer is OUT_OF_ORDER_SEQUENCE_NUMBER', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const producerId = await newProducerId(client);
  const send = (sequence: number) =>
    produceBatch(client, topic, batchOf({ values: ['a'], producerId, epoch: 0, sequence }));
  await send(0);
  expect((await send(5)).errorCode).toBe(ErrorCode.outOfOrderSequenceNumber);
  expect((await send(1)).errorCode).toBe(ErrorCode.none);
});

conforms('a record without a key is refused by a compacted topic', async () => {
  const topic = await t.topic(1, { 'cleanup.policy': 'compact' });
  const client = await t.raw();
  expect((await produceBatch(client, topic, batchOf({ values: ['v'] }))).errorCode).toBe(ErrorCode.invalidRecord);
});

conforms('a compacted topic says which records have no key, and takes none of their batch', async () => {
  const topic = await t.topic(1, { 'cleanup.policy': 'compact' });
  const client = await t.raw();
  const batch = batchOf({ values: ['a', 'b', 'c'], keys: [null, 'k', null] });
  for (const records of [batch, compressed(batch, 'gzip'), compressed(batch, 'snappy'), compressed(batch, 'lz4')]) {
    const { errorCode, recordErrors } = await produceBatch(client, topic, records, { version: 9 });
    expect(errorCode).toBe(ErrorCode.invalidRecord);
    expect(recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([0, 2]);
    expect(recordErrors[0]?.message).toContain('message without key');
  }
  expect((await fetchOne(client, topic)).highWatermark).toBe(0n);
});

conforms('a compacted topic takes what has keys, in every compression, as it came', async () => {
  const topic = await t.topic(1, { 'cleanup.policy': 'compact' });
  const client = await t.raw();
  const batch = batchOf({ values: ['a', null], keys: ['k', 'l'] });
  const sent = [batch, compressed(batch, 'gzip'), compressed(batch, 'snappy'), compressed(batch, 'lz4')];
  for (const records of sent) expect((await produceBatch(client, topic, records)).errorCode).toBe(ErrorCode.none);
  const { batches } = await fetchOne(client, topic);
  expect(batches.map(({ payload }) => payload.toString('hex'))).toEqual(
    sent.map((bytes) => bytes.subarray(batchHeaderBytes).toString('hex')),
  );
});

conforms('what is no record is refused by a compacted topic', async () => {
  const topic = await t.topic(1, { 'cleanup.policy': 'compact' });
  const client = await t.raw();
  const records = batchOf({ values: ['value'], key: 'k' });
  records.writeUInt8(0x7f, batchHeaderBytes); // A record of -64 bytes.
  new RecordBatch(records).sealCrc();
  expect((await produceBatch(client, topic, records)).errorCode).toBe(ErrorCode.invalidRecord);
});

conforms('a fetch waits for records, and is answered when they come', async () => {
  const topic = await t.topic();
  const [reader, writer] = [await t.raw(), await t.raw()];
  const waiting = fetchOne(reader, topic, { maxWaitMs: 20_000 });
  await produceBatch(writer, topic, batchOf({ values: ['at last'] }));
  expect((await waiting).values).toEqual(['at last']);
});

conforms('a fetch waits for min bytes, and no longer than it said', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  await produceBatch(client, topic, batchOf({ values: ['little'] }));
  const begunMs = Date.now();
  const { values } = await fetchOne(client, topic, { maxWaitMs: 150, minBytes: 10_000 });
  expect(values).toEqual(['little']);
  expect(Date.now() - begunMs).toBeGreaterThanOrEqual(140);
});

conforms('an offset outside the log is OFFSET_OUT_OF_RANGE, its end is not', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  await produceBatch(client, topic, batchOf({ values: ['v'] }));
  expect((await fetchOne(client, topic, { offset: 2n })).errorCode).toBe(ErrorCode.offsetOutOfRange);
  expect((await fetchOne(client, topic, { offset: 1n })).errorCode).toBe(ErrorCode.none);
});

conforms('the first batch is sent even when it exceeds every limit', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  await produceBatch(client, topic, batchOf({ values: ['x'.repeat(5_000)] }));
  await produceBatch(client, topic, batchOf({ values: ['y'] }));
  const { batches } = await fetchOne(client, topic, { maxBytes: 100, partitionMaxBytes: 100 });
  expect(batches).toHaveLength(1);
});

conforms('max bytes of a partition bounds what comes of it', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  for (let i = 0; i < 10; i += 1) await produceBatch(client, topic, batchOf({ values: ['x'.repeat(1_000)] }));
  const { batches } = await fetchOne(client, topic, { partitionMaxBytes: 3_500 });
  expect(batches).toHaveLength(3);
});

conforms('a fetch from within a batch gets the whole batch', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  await produceBatch(client, topic, batchOf({ values: ['a', 'b', 'c'] }));
  expect((await fetchOne(client, topic, { offset: 2n })).values).toEqual(['a', 'b', 'c']);
});

conforms('a fetch of several partitions is answered for each', async () => {
  const topic = await t.topic(2);
  const client = await t.raw();
  await produceBatch(client, topic, batchOf({ values: ['zero'] }));
  await produceBatch(client, topic, batchOf({ values: ['one'] }), { partition: 1 });
  const [first, second] = [fetchRequest(topic), fetchRequest(topic, { partition: 1 })];
  const partitions = [...(first.topics[0]?.partitions ?? []), ...(second.topics[0]?.partitions ?? [])];
  const { topics } = await client.call(fetch, 11, { ...first, topics: [{ name: topic, id: uuid.empty, partitions }] });
  expect(topics.flatMap((one) => one.partitions).map(({ highWatermark }) => highWatermark)).toEqual([1n, 1n]);
});

conforms('offsets are found by time, to the record', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const baseMs = Date.now() - 10_000;
  for (const at of [0, 1_000, 2_000])
    await produceBatch(client, topic, batchOf({ values: ['v'], timestampMs: baseMs + at }));
  const at = (ms: number) => t.admin.fetchTopicOffsetsByTimestamp(topic, ms);
  expect(await at(baseMs + 500)).toEqual([{ partition: 0, offset: '1' }]);
  expect(await at(baseMs + 2_000)).toEqual([{ partition: 0, offset: '2' }]);
  expect(await at(baseMs + 5_000)).toEqual([{ partition: 0, offset: '3' }]); // KafkaJS turns "none" into the end.
});

for (const codec of ['gzip', 'snappy', 'lz4'] as const) {
  conforms(`offsets are found by time, to the record, within a batch compressed with ${codec}`, async () => {
    const topic = await t.topic();
    const client = await t.raw();
    const timestampMs = Date.now() - 10_000;
    const batch = batchOf({ values: ['a', 'b', 'c', 'd'], timestampMs, stepMs: 1_000 });
    for (let i = 0; i < 2; i += 1) await produceBatch(client, topic, compressed(batch, codec));
    const at = (ms: number) => t.admin.fetchTopicOffsetsByTimestamp(topic, ms);
    expect(await at(timestampMs + 1_001)).toEqual([{ partition: 0, offset: '2' }]);
    expect(await at(timestampMs + 3_000)).toEqual([{ partition: 0, offset: '3' }]);
    expect(await at(timestampMs + 3_001)).toEqual([{ partition: 0, offset: '8' }]);
  });

  conforms(`LogAppendTime is stamped on a ${codec} batch, whose records stay as they came`, async () => {
    const topic = await t.topic(1, { 'message.timestamp.type': 'LogAppendTime' });
    const client = await t.raw();
    const sent = compressed(batchOf({ values: ['a', 'b'], timestampMs: 1_000, stepMs: 1_000 }), codec);
    const { appendTimeMs } = await produceBatch(client, topic, sent);
    const [batch] = (await fetchOne(client, topic)).batches;
    expect([batch?.crcHolds, batch?.hasAppendTime, batch?.compression]).toEqual([true, true, codec]);
    expect(batch?.payload.equals(sent.subarray(batchHeaderBytes))).toBe(true);
    const at = (ms: number) => t.admin.fetchTopicOffsetsByTimestamp(topic, ms);
    expect(await at(Number(appendTimeMs))).toEqual([{ partition: 0, offset: '0' }]);
    expect(await at(Number(appendTimeMs) + 1)).toEqual([{ partition: 0, offset: '2' }]);
  });
}
