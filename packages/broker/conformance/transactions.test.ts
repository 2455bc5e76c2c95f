import type { Producer } from 'kafkajs';
import { expect } from 'vitest';
import { listOffsets } from '../src/apis/02-list-offsets.ts';
import { initProducerId } from '../src/apis/22-init-producer-id.ts';
import { addPartitionsToTxn } from '../src/apis/24-add-partitions-to-txn.ts';
import { endTxn } from '../src/apis/26-end-txn.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import { batchOf } from './record-batches.ts';
import { fetchOne, produceBatch } from './requests.ts';
import { conforms, target, uniqueName } from './target.ts';
import { initialised, writeAroundAnAbort } from './transactional-requests.ts';

const t = target();

async function transactional(transactionalId = uniqueName('tx')): Promise<Producer> {
  const producer = t
    .kafka({ retry: { initialRetryTime: 20, retries: 20 } })
    .producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  return producer;
}

conforms('what is committed is read, what is aborted is not, and read_uncommitted sees both', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const producer = await transactional();
  const kept = await producer.transaction();
  await kept.send({ topic, messages: [{ value: 'kept' }] });
  await kept.commit();
  const dropped = await producer.transaction();
  await dropped.send({ topic, messages: [{ value: 'dropped' }] });
  await dropped.abort();
  await expect.poll(async () => (await fetchOne(client, topic, { committed: true })).lastStableOffset).toBe(4n);
  const { values, abortedTransactions } = await fetchOne(client, topic, { committed: true });
  expect(values).toEqual(['kept', 'dropped']); // The reader leaves out what the list of aborted names.
  expect(abortedTransactions?.map(({ firstOffset }) => firstOffset)).toEqual([2n]);
  expect((await fetchOne(client, topic)).abortedTransactions ?? []).toEqual([]);
  await producer.disconnect();
});

conforms('a KafkaJS consumer never sees an aborted record', async () => {
  const topic = await t.topic();
  const producer = await transactional();
  await writeAroundAnAbort(producer, topic);
  await producer.disconnect();
  const consumer = t.kafka().consumer({ groupId: await t.group(), readUncommitted: false, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const seen: string[] = [];
  await consumer.run({ eachMessage: async ({ message }) => void seen.push(String(message.value)) });
  await expect.poll(() => seen, { timeout: 15_000 }).toEqual(['a', 'c']);
  await consumer.disconnect();
});

conforms('read_committed stops at an open transaction, and is woken by its end', async () => {
  const topic = await t.topic();
  const [reader, writer] = [await t.raw(), await t.raw()];
  const producer = await transactional();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ value: 'open' }] });
  await produceBatch(writer, topic, batchOf({ values: ['after'] }));
  const held = await fetchOne(reader, topic, { committed: true });
  expect([held.values, held.lastStableOffset, held.highWatermark]).toEqual([[], 0n, 2n]);
  const partitions = [{ index: 0, currentLeaderEpoch: -1, timestampMs: -1n }];
  const request = { replicaId: -1, isolationLevel: 1, topics: [{ name: topic, partitions }] };
  expect((await reader.call(listOffsets, 2, request)).topics[0]?.partitions[0]?.offset).toBe(0n);
  const waiting = fetchOne(reader, topic, { committed: true, maxWaitMs: 20_000 });
  await transaction.commit();
  expect((await waiting).values).toEqual(['open', 'after']);
  await producer.disconnect();
});

conforms('a second producer with the transactional id fences the first and aborts what it had open', async () => {
  const topic = await t.topic();
  const id = uniqueName('tx');
  const first = await transactional(id);
  const open = await first.transaction();
  await open.send({ topic, messages: [{ value: 'zombie' }] });
  const second = await transactional(id);
  const transaction = await second.transaction();
  await transaction.send({ topic, messages: [{ value: 'heir' }] });
  await transaction.commit();
  await expect(open.commit()).rejects.toThrow();
  const client = await t.raw();
  const { abortedTransactions } = await fetchOne(client, topic, { committed: true });
  expect(abortedTransactions?.map(({ firstOffset }) => firstOffset)).toEqual([0n]);
  await first.disconnect();
  await second.disconnect();
});

conforms('offsets sent with a transaction are committed with it, or not at all', async () => {
  const topic = await t.topic();
  const groupId = await t.group();
  const producer = await transactional();
  const committed = async () => (await t.admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions[0]?.offset;
  for (const [offset, commits] of [
    ['5', true],
    ['9', false],
  ] as const) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: offset }] });
    await transaction.sendOffsets({
      consumerGroupId: groupId,
      topics: [{ topic, partitions: [{ partition: 0, offset }] }],
    });
    await (commits ? transaction.commit() : transaction.abort());
  }
  await expect.poll(committed).toBe('5');
  await producer.disconnect();
});

conforms('a transactional batch outside a transaction is refused', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const { transactionalId, producerId, producerEpoch: epoch } = await initialised(client);
  const batch = batchOf({ values: ['v'], producerId, epoch, sequence: 0, transactional: true });
  expect((await produceBatch(client, topic, batch, { transactionalId })).errorCode).toBe(ErrorCode.invalidTxnState);
});

conforms('ending what never began, or as a stranger, is refused', async () => {
  const client = await t.raw();
  const { transactionalId, producerId, producerEpoch } = await initialised(client);
  const end = async (id: bigint, epoch: number) =>
    (await client.call(endTxn, 3, { transactionalId, producerId: id, producerEpoch: epoch, committed: true }))
      .errorCode;
  expect(await end(producerId, producerEpoch)).toBe(ErrorCode.invalidTxnState);
  expect(await end(producerId + 1000n, producerEpoch)).toBe(ErrorCode.invalidProducerIdMapping);
  expect(await end(producerId, producerEpoch + 1)).toBe(ErrorCode.producerFenced);
});

conforms('one unknown partition keeps all from joining the transaction', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const { transactionalId, producerId, producerEpoch } = await initialised(client);
  const topics = [{ name: topic, partitions: [0, 5] }];
  const answer = await client.call(addPartitionsToTxn, 3, { transactionalId, producerId, producerEpoch, topics });
  const codes = new Map(answer.topics[0]?.partitions.map(({ index, errorCode }) => [index, errorCode]));
  expect(codes.get(0)).toBe(ErrorCode.operationNotAttempted);
  expect(codes.get(5)).toBe(ErrorCode.unknownTopicOrPartition);
});

conforms('a transaction timeout beyond the maximum is refused', async () => {
  const client = await t.raw();
  const request = {
    ...initProducerId.request.empty,
    transactionalId: uniqueName('tx'),
    transactionTimeoutMs: 3_600_000,
  };
  expect((await client.call(initProducerId, 4, request)).errorCode).toBe(ErrorCode.invalidTransactionTimeout);
});
