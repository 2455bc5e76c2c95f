import { expect } from 'vitest';
import { offsetFetch } from '../src/apis/09-offset-fetch.ts';
import { initProducerId } from '../src/apis/22-init-producer-id.ts';
import { describeProducers } from '../src/apis/61-describe-producers.ts';
import { describeTransactions } from '../src/apis/65-describe-transactions.ts';
import { listTransactions } from '../src/apis/66-list-transactions.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import { joined } from './membership.ts';
import type { RawClient } from './raw-client.ts';
import { fetchOne } from './requests.ts';
import { conforms, readiness, target, uniqueName } from './target.ts';
import { addPartition, end, type Initialised, initialised, sendOffset, write } from './transactional-requests.ts';

const t = target();

async function stateOf(client: RawClient, { transactionalId }: Initialised) {
  const answer = await client.call(describeTransactions, 0, { transactionalIds: [transactionalId] });
  return answer.transactions[0]?.state;
}

conforms('a transaction that is open for longer than its timeout is aborted, and its producer fenced', async () => {
  const client = await t.raw();
  const topic = await t.topic();
  const producer = await initialised(client, 1_000);
  await addPartition(client, producer, topic);
  expect(await write(client, producer, topic)).toBe(ErrorCode.none);
  const stable = async () => (await fetchOne(client, topic, { committed: true })).lastStableOffset;
  expect(await stable()).toBe(0n);
  await expect.poll(stable, readiness).toBe(2n);
  expect(await end(client, producer, true)).not.toBe(ErrorCode.none);
  const { abortedTransactions } = await fetchOne(client, topic, { committed: true });
  expect(abortedTransactions).toEqual([{ producerId: producer.producerId, firstOffset: 0n }]);
});

conforms('a producer that names its identity gets the next epoch, and one that was replaced is fenced', async () => {
  const client = await t.raw();
  const { transactionalId, producerId, producerEpoch } = await initialised(client);
  const again = (epoch: number) =>
    client.call(initProducerId, 4, { transactionalId, transactionTimeoutMs: 60_000, producerId, producerEpoch: epoch });
  const next = await again(producerEpoch);
  expect(next).toMatchObject({ errorCode: ErrorCode.none, producerId, producerEpoch: producerEpoch + 1 });
  const heir = await client.call(initProducerId, 1, {
    ...initProducerId.request.empty,
    transactionalId,
    transactionTimeoutMs: 60_000,
  });
  expect(heir).toMatchObject({ errorCode: ErrorCode.none, producerEpoch: producerEpoch + 2 });
  expect((await again(producerEpoch)).errorCode).toBe(ErrorCode.producerFenced);
});

conforms('an end that is repeated is answered, and its opposite refused', async () => {
  const client = await t.raw();
  const topic = await t.topic();
  const producer = await initialised(client);
  await addPartition(client, producer, topic);
  await write(client, producer, topic);
  expect(await end(client, producer, true)).toBe(ErrorCode.none);
  await expect.poll(() => stateOf(client, producer), readiness).toBe('CompleteCommit');
  expect(await end(client, producer, true)).toBe(ErrorCode.none);
  expect(await end(client, producer, false)).toBe(ErrorCode.invalidTxnState);
  expect((await fetchOne(client, topic)).highWatermark).toBe(2n);
});

conforms('a batch of a producer whose transactional id was taken over is refused', async () => {
  const client = await t.raw();
  const topic = await t.topic();
  const producer = await initialised(client);
  await addPartition(client, producer, topic);
  expect(await write(client, producer, topic)).toBe(ErrorCode.none);
  const { transactionalId } = producer;
  const request = { ...initProducerId.request.empty, transactionalId, transactionTimeoutMs: 60_000 };
  const taken = async () => (await client.call(initProducerId, 4, request)).errorCode;
  await expect.poll(taken, readiness).toBe(ErrorCode.none);
  expect(await write(client, producer, topic, 1)).toBe(ErrorCode.invalidProducerEpoch);
});

conforms('an offset that a transaction is about to commit is unstable, for those who ask', async () => {
  const client = await t.raw();
  const [topic, groupId] = [await t.topic(), await t.group()];
  const producer = await initialised(client);
  expect(await sendOffset(client, producer, groupId, topic, 5n)).toBe(ErrorCode.none);
  const fetched = async (requireStable: boolean) => {
    const topics = [{ name: topic, partitions: [0] }];
    const answer = await client.call(offsetFetch, 7, { ...offsetFetch.request.empty, groupId, topics, requireStable });
    const [found] = answer.topics[0]?.partitions ?? [];
    return [found?.errorCode, found?.offset];
  };
  expect(await fetched(true)).toEqual([ErrorCode.unstableOffsetCommit, -1n]);
  expect(await fetched(false)).toEqual([ErrorCode.none, -1n]);
  expect(await end(client, producer, true)).toBe(ErrorCode.none);
  await expect.poll(() => fetched(true), readiness).toEqual([ErrorCode.none, 5n]);
});

conforms('offsets in a transaction are refused to strangers and old generations of the group', async () => {
  const client = await t.raw();
  const [topic, groupId] = [await t.topic(), await t.group()];
  const { memberId, generationId } = await joined(client, groupId);
  const producer = await initialised(client);
  const sent = (member: { memberId: string; generationId: number }) =>
    sendOffset(client, producer, groupId, topic, 1n, member);
  expect(await sent({ memberId: 'nobody', generationId })).toBe(ErrorCode.unknownMemberId);
  expect(await sent({ memberId, generationId: generationId - 1 })).toBe(ErrorCode.illegalGeneration);
  expect(await sent({ memberId, generationId })).toBe(ErrorCode.none);
});

conforms('transactions are listed by state, by producer and by how long they are open', async () => {
  const client = await t.raw();
  const topic = await t.topic();
  const [open, idle] = [await initialised(client), await initialised(client)];
  await addPartition(client, open, topic);
  const ids = [open.transactionalId, idle.transactionalId];
  const listed = async (stateFilters: string[], producerIdFilters: bigint[] = [], longerThanMs = -1n) => {
    const answer = await client.call(listTransactions, 1, { stateFilters, producerIdFilters, longerThanMs });
    return {
      unknown: answer.unknownStateFilters,
      found: answer.transactions.filter((one) => ids.includes(one.transactionalId)).map((one) => one.state),
    };
  };
  expect((await listed([])).found.toSorted()).toEqual(['Empty', 'Ongoing']);
  expect(await listed(['Ongoing', 'Lost'])).toEqual({ unknown: ['Lost'], found: ['Ongoing'] });
  expect((await listed([], [idle.producerId])).found).toEqual(['Empty']);
  expect((await listed(['Ongoing'], [], 600_000n)).found).toEqual([]);
  expect(await end(client, open, false)).toBe(ErrorCode.none);
});

conforms('a transaction is described with its partitions, and a partition with its producers', async () => {
  const client = await t.raw();
  const topic = await t.topic();
  const producer = await initialised(client);
  await addPartition(client, producer, topic);
  for (const sequence of [0, 1]) await write(client, producer, topic, sequence);
  const described = async (transactionalId: string) =>
    (await client.call(describeTransactions, 0, { transactionalIds: [transactionalId] })).transactions[0];
  expect(await described(producer.transactionalId)).toMatchObject({
    errorCode: ErrorCode.none,
    state: 'Ongoing',
    timeoutMs: 60_000,
    producerId: producer.producerId,
    epoch: producer.producerEpoch,
    topics: [{ name: topic, partitions: [0] }],
  });
  expect((await described(uniqueName('never')))?.errorCode).toBe(ErrorCode.transactionalIdNotFound);
  const producers = async (index: number) => {
    const answer = await client.call(describeProducers, 0, { topics: [{ name: topic, partitions: [index] }] });
    return answer.topics[0]?.partitions[0];
  };
  expect((await producers(0))?.producers).toMatchObject([
    { producerId: producer.producerId, epoch: producer.producerEpoch, lastSequence: 1, transactionStartOffset: 0n },
  ]);
  expect((await producers(9))?.errorCode).toBe(ErrorCode.unknownTopicOrPartition);
  expect(await end(client, producer, false)).toBe(ErrorCode.none);
  await expect.poll(async () => (await producers(0))?.producers[0]?.transactionStartOffset, readiness).toBe(-1n);
});
