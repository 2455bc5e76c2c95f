import { expect } from 'vitest';
import { metadata } from '../src/apis/03-metadata.ts';
import { createTopics } from '../src/apis/19-create-topics.ts';
import { deleteRecords } from '../src/apis/21-delete-records.ts';
import { offsetForLeaderEpoch } from '../src/apis/23-offset-for-leader-epoch.ts';
import { describeConfigs } from '../src/apis/32-describe-configs.ts';
import { alterConfigs } from '../src/apis/33-alter-configs.ts';
import { describeLogDirs } from '../src/apis/35-describe-log-dirs.ts';
import { createPartitions } from '../src/apis/37-create-partitions.ts';
import { incrementalAlterConfigs } from '../src/apis/44-incremental-alter-configs.ts';
import { describeTopicPartitions } from '../src/apis/75-describe-topic-partitions.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import { batchOf } from './record-batches.ts';
import { fetchOne, produceBatch } from './requests.ts';
import { conforms, readiness, target, uniqueName } from './target.ts';

const t = target();
const topicType = 2;
const brokerType = 4;

interface Wanted {
  readonly name: string;
  readonly partitionCount?: number;
  readonly replicationFactor?: number;
  readonly assignments?: readonly { index: number; brokerIds: number[] }[];
}

async function created(...topics: Wanted[]) {
  const counts = { partitionCount: -1, replicationFactor: -1, assignments: [], configs: [] };
  const request = { topics: topics.map((one) => ({ ...counts, ...one })), timeoutMs: 5_000, validateOnly: false };
  return (await (await t.raw()).call(createTopics, 5, request)).topics.map(({ errorCode }) => errorCode);
}

conforms('replicas can be assigned by hand, to nodes that are there, in place of counts', async () => {
  const [good, bad] = [uniqueName('assigned'), uniqueName('assigned')];
  const assignments = [0, 1].map((index) => ({ index, brokerIds: [1] }));
  expect(await created({ name: good, assignments })).toEqual([ErrorCode.none]);
  await t.led(good, 2);
  expect(await created({ name: bad, assignments: [{ index: 0, brokerIds: [9] }] })).toEqual([
    ErrorCode.invalidReplicaAssignment,
  ]);
  expect(await created({ name: bad, assignments: [{ index: 1, brokerIds: [1] }] })).toEqual([
    ErrorCode.invalidReplicaAssignment,
  ]);
  expect(await created({ name: bad, assignments, partitionCount: 2 })).toEqual([ErrorCode.invalidRequest]);
});

conforms('a name that is asked for twice in a request is refused, others are not', async () => {
  const [twice, once] = [uniqueName('twice'), uniqueName('once')];
  expect((await created({ name: twice }, { name: once }, { name: twice })).toSorted()).toEqual(
    expect.arrayContaining([ErrorCode.none, ErrorCode.invalidRequest]),
  );
  await expect.poll(() => t.admin.listTopics(), readiness).toContain(once);
  expect(await t.admin.listTopics()).not.toContain(twice);
});

conforms('asking for the metadata of an unknown topic does not make it where that is switched off', async () => {
  const client = await t.raw();
  const name = uniqueName('asked');
  const topics = [{ id: '0'.repeat(32), name }];
  const answer = await client.call(metadata, 9, { ...metadata.request.empty, topics, allowAutoTopicCreation: true });
  expect(answer.topics[0]).toMatchObject({ errorCode: ErrorCode.unknownTopicOrPartition, partitions: [] });
  expect(await t.admin.listTopics()).not.toContain(name);
});

conforms('partitions are added only where the count grows, and not when that is only tried', async () => {
  const client = await t.raw();
  const topic = await t.topic(2);
  const grown = async (name: string, count: number, validateOnly = false) => {
    const request = { topics: [{ name, count, assignments: null }], timeoutMs: 5_000, validateOnly };
    return (await client.call(createPartitions, 3, request)).results[0]?.errorCode;
  };
  expect(await grown(topic, 2)).toBe(ErrorCode.invalidPartitions);
  expect(await grown(uniqueName('never'), 2)).toBe(ErrorCode.unknownTopicOrPartition);
  expect(await grown(topic, 5, true)).toBe(ErrorCode.none);
  expect(await t.admin.fetchTopicOffsets(topic)).toHaveLength(2);
});

conforms('settings are described by name, of topics and of the broker', async () => {
  const client = await t.raw();
  const topic = await t.topic(1, { 'retention.ms': '1000' });
  const described = async (type: number, name: string, keys: string[] | null) => {
    const request = { ...describeConfigs.request.empty, resources: [{ type, name, keys }] };
    const [result] = (await client.call(describeConfigs, 4, request)).results;
    return { code: result?.errorCode, configs: result?.configs.map((one) => [one.name, one.value, one.source]) };
  };
  const [dynamicTopic, byDefault] = [1, 5];
  const wanted = ['retention.ms', 'retention.bytes'];
  const { configs } = await described(topicType, topic, wanted);
  expect(configs?.toSorted()).toEqual([
    ['retention.bytes', '-1', byDefault],
    ['retention.ms', '1000', dynamicTopic],
  ]);
  const broker = await described(brokerType, '1', ['auto.create.topics.enable']);
  expect(broker.configs?.map(([name, value]) => [name, value])).toEqual([['auto.create.topics.enable', 'false']]);
  expect((await described(topicType, uniqueName('never'), null)).code).toBe(ErrorCode.unknownTopicOrPartition);
  expect((await described(brokerType, '99', null)).code).toBe(ErrorCode.invalidRequest);
});

conforms('settings that are only validated stay as they were, and those of unknown topics are refused', async () => {
  const client = await t.raw();
  const topic = await t.topic(1, { 'retention.ms': '1000' });
  const replaced = async (name: string, value: string, validateOnly: boolean) => {
    const resources = [{ type: topicType, name, configs: [{ name: 'retention.ms', value }] }];
    return (await client.call(alterConfigs, 2, { resources, validateOnly })).results[0]?.errorCode;
  };
  const changed = async (name: string, value: string, validateOnly: boolean) => {
    const resources = [{ type: topicType, name, configs: [{ name: 'retention.ms', operation: 0, value }] }];
    return (await client.call(incrementalAlterConfigs, 1, { resources, validateOnly })).results[0]?.errorCode;
  };
  for (const alter of [replaced, changed]) {
    expect(await alter(topic, '2000', true)).toBe(ErrorCode.none);
    expect(await alter(topic, 'soon', true)).toBe(ErrorCode.invalidConfig);
    expect(await alter(uniqueName('never'), '2000', false)).toBe(ErrorCode.unknownTopicOrPartition);
  }
  const resources = [{ type: topicType, name: topic, keys: ['retention.ms'] }];
  const { results } = await client.call(describeConfigs, 4, { ...describeConfigs.request.empty, resources });
  expect(results[0]?.configs[0]?.value).toBe('1000');
});

conforms('records are deleted up to the end, not past it, and not of a topic that is only compacted', async () => {
  const client = await t.raw();
  const [topic, compacted] = [await t.topic(), await t.topic(1, { 'cleanup.policy': 'compact' })];
  await produceBatch(client, topic, batchOf({ values: ['a', 'b'] }));
  const deleted = async (name: string, index: number, offset: bigint) => {
    const request = { topics: [{ name, partitions: [{ index, offset }] }], timeoutMs: 5_000 };
    const [answer] = (await client.call(deleteRecords, 2, request)).topics[0]?.partitions ?? [];
    return [answer?.errorCode, answer?.lowWatermark];
  };
  expect(await deleted(topic, 0, 3n)).toEqual([ErrorCode.offsetOutOfRange, -1n]);
  expect(await deleted(topic, 0, 1n)).toEqual([ErrorCode.none, 1n]);
  expect(await deleted(topic, 0, 0n)).toEqual([ErrorCode.none, 1n]);
  expect(await deleted(topic, 7, 0n)).toEqual([ErrorCode.unknownTopicOrPartition, -1n]);
  expect(await deleted(compacted, 0, 0n)).toEqual([ErrorCode.policyViolation, -1n]);
  expect((await fetchOne(client, topic, { offset: 1n })).logStartOffset).toBe(1n);
});

conforms('a leader epoch ends where the log ends, and one that is not known nowhere', async () => {
  const client = await t.raw();
  const topic = await t.topic();
  await produceBatch(client, topic, batchOf({ values: ['a', 'b'] }));
  const ends = async (leaderEpoch: number, index = 0, currentLeaderEpoch = -1) => {
    const topics = [{ name: topic, partitions: [{ index, currentLeaderEpoch, leaderEpoch }] }];
    const answer = await client.call(offsetForLeaderEpoch, 4, { replicaId: -1, topics });
    const [found] = answer.topics[0]?.partitions ?? [];
    return [found?.errorCode, found?.leaderEpoch, found?.endOffset];
  };
  expect(await ends(0)).toEqual([ErrorCode.none, 0, 2n]);
  expect(await ends(5)).toEqual([ErrorCode.none, -1, -1n]);
  expect(await ends(0, 9)).toEqual([ErrorCode.unknownTopicOrPartition, -1, -1n]);
  expect(await ends(0, 0, 5)).toEqual([ErrorCode.unknownLeaderEpoch, -1, -1n]);
});

conforms('DescribeLogDirs tells the size of each partition', async () => {
  const client = await t.raw();
  const topic = await t.topic(2);
  const batch = batchOf({ values: ['x'.repeat(1_000)] });
  await produceBatch(client, topic, batch, { partition: 1 });
  for (const version of [1, 2, 3, 4]) {
    const answer = await client.call(describeLogDirs, version, { topics: [{ name: topic, partitions: [0, 1] }] });
    const held = answer.folders[0]?.topics.find(({ name }) => name === topic)?.partitions;
    expect(held?.toSorted((a, b) => a.index - b.index).map((one) => one.sizeBytes)).toEqual([0n, BigInt(batch.length)]);
  }
});

conforms('topics are described in pages of partitions', async () => {
  const client = await t.raw();
  const [one, two] = [await t.topic(3), await t.topic(2)];
  const never = `${two}-never`;
  const page = async (partitionLimit: number, cursor: { topicName: string; partitionIndex: number } | null) => {
    const topics = [two, never, one].map((name) => ({ name: name ?? '' }));
    const answer = await client.call(describeTopicPartitions, 0, { topics, partitionLimit, cursor });
    const seen = answer.topics.map(({ name, errorCode, partitions }) => [
      name,
      errorCode,
      partitions.map(({ index }) => index).toSorted(),
    ]);
    return { seen, next: answer.nextCursor };
  };
  const first = await page(2, null);
  expect(first).toEqual({ seen: [[one, ErrorCode.none, [0, 1]]], next: { topicName: one, partitionIndex: 2 } });
  const second = await page(3, first.next);
  expect(second.seen.slice(0, 2)).toEqual([
    [one, ErrorCode.none, [2]],
    [two, ErrorCode.none, [0, 1]],
  ]);
  const all = await page(100, null);
  expect(all).toEqual({
    seen: [
      [one, ErrorCode.none, [0, 1, 2]],
      [two, ErrorCode.none, [0, 1]],
      [never, ErrorCode.unknownTopicOrPartition, []],
    ],
    next: null,
  });
});
