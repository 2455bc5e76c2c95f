/** Short forms of what a transactional producer sends. */
import type { Producer } from 'kafkajs';
import { expect } from 'vitest';
import { findCoordinator } from '../src/apis/10-find-coordinator.ts';
import { initProducerId } from '../src/apis/22-init-producer-id.ts';
import { addPartitionsToTxn } from '../src/apis/24-add-partitions-to-txn.ts';
import { addOffsetsToTxn } from '../src/apis/25-add-offsets-to-txn.ts';
import { endTxn } from '../src/apis/26-end-txn.ts';
import { txnOffsetCommit } from '../src/apis/28-txn-offset-commit.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import type { RawClient } from './raw-client.ts';
import { batchOf } from './record-batches.ts';
import { produceBatch } from './requests.ts';
import { readiness, uniqueName } from './target.ts';

/** A transactional id whose coordinator serves, and its producer: a fresh Kafka makes one when it is first asked for it. */
export async function initialised(client: RawClient, transactionTimeoutMs = 60_000) {
  const transactionalId = uniqueName('tx');
  const find = { ...findCoordinator.request.empty, key: transactionalId, keyType: 1 };
  const request = { ...initProducerId.request.empty, transactionalId, transactionTimeoutMs };
  const initialise = () => client.call(initProducerId, 4, request);
  const attempt = async () => {
    const { errorCode } = await client.call(findCoordinator, 2, find);
    return errorCode === ErrorCode.none ? (await initialise()).errorCode : errorCode;
  };
  await expect.poll(attempt, readiness).toBe(ErrorCode.none);
  const { producerId, producerEpoch } = await initialise();
  return { transactionalId, producerId, producerEpoch };
}

export type Initialised = Awaited<ReturnType<typeof initialised>>;

/** Adds the partition, once the transaction before has been settled. */
export async function addPartition(client: RawClient, producer: Initialised, topic: string): Promise<void> {
  const request = { ...producer, topics: [{ name: topic, partitions: [0] }] };
  const added = async () => (await client.call(addPartitionsToTxn, 3, request)).topics[0]?.partitions[0]?.errorCode;
  await expect.poll(added, readiness).toBe(ErrorCode.none);
}

export async function write(
  client: RawClient,
  { transactionalId, producerId, producerEpoch: epoch }: Initialised,
  topic: string,
  sequence = 0,
) {
  const batch = batchOf({ values: ['v'], producerId, epoch, sequence, transactional: true });
  return (await produceBatch(client, topic, batch, { transactionalId })).errorCode;
}

export async function end(client: RawClient, producer: Initialised, committed: boolean) {
  return (await client.call(endTxn, 3, { ...producer, committed })).errorCode;
}

/** Makes an offset part of the transaction, as the member of the group that is named. */
export async function sendOffset(
  client: RawClient,
  producer: Initialised,
  groupId: string,
  topic: string,
  offset: bigint,
  member: { readonly memberId?: string; readonly generationId?: number } = {},
) {
  const joining = async () => (await client.call(addOffsetsToTxn, 3, { ...producer, groupId })).errorCode;
  await expect.poll(joining, readiness).toBe(ErrorCode.none);
  const topics = [{ name: topic, partitions: [{ index: 0, offset, leaderEpoch: -1, metadata: null }] }];
  const answer = await client.call(txnOffsetCommit, 3, {
    ...txnOffsetCommit.request.empty,
    ...producer,
    groupId,
    generationId: -1,
    ...member,
    topics,
  });
  return answer.topics[0]?.partitions[0]?.errorCode;
}

/** Three transactions of a record each: `a` and `c` are committed, `b` between them is aborted. */
export async function writeAroundAnAbort(producer: Producer, topic: string): Promise<void> {
  for (const [value, commits] of [
    ['a', true],
    ['b', false],
    ['c', true],
  ] as const) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value }] });
    await (commits ? transaction.commit() : transaction.abort());
  }
}
