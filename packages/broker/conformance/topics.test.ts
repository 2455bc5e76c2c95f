import { ConfigResourceTypes } from 'kafkajs';
import { expect } from 'vitest';
import { metadata } from '../src/apis/03-metadata.ts';
import { createTopics } from '../src/apis/19-create-topics.ts';
import { deleteTopics } from '../src/apis/20-delete-topics.ts';
import { incrementalAlterConfigs } from '../src/apis/44-incremental-alter-configs.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import { uuid } from '../src/wire/schema.ts';
import { batchOf } from './record-batches.ts';
import { fetchOne, produceBatch } from './requests.ts';
import { conforms, readiness, target, uniqueName } from './target.ts';

const t = target();

async function create(
  topic: string,
  overrides: { partitions?: number; replicas?: number; config?: [string, string]; validateOnly?: boolean } = {},
) {
  const client = await t.raw();
  const { partitions: partitionCount = 1, replicas: replicationFactor = 1, config, validateOnly = false } = overrides;
  const configs = config === undefined ? [] : [{ name: config[0], value: config[1] }];
  const wanted = { name: topic, partitionCount, replicationFactor, assignments: [], configs };
  const answer = await client.call(createTopics, 5, { topics: [wanted], timeoutMs: 5_000, validateOnly });
  return answer.topics[0];
}

async function settingsOf(topic: string): Promise<Record<string, string>> {
  const { resources } = await t.admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
  });
  return Object.fromEntries(
    resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]) ?? [],
  );
}

conforms('a topic is created with the partitions asked for', async () => {
  const topic = await t.topic(3);
  const { topics } = await t.admin.fetchTopicMetadata({ topics: [topic] });
  expect(topics[0]?.partitions.map(({ partitionId }) => partitionId).sort()).toEqual([0, 1, 2]);
});

conforms('a topic that exists is not created again', async () => {
  const topic = await t.topic();
  expect((await create(topic))?.errorCode).toBe(ErrorCode.topicAlreadyExists);
  expect(await t.admin.createTopics({ topics: [{ topic }] })).toBe(false);
});

conforms('names that Kafka does not take are refused', async () => {
  for (const name of ['', '.', '..', 'a b', 'ä', 'x'.repeat(250)]) {
    expect((await create(name))?.errorCode, name).toBe(ErrorCode.invalidTopic);
  }
});

conforms('a name that differs from another only in dots and underscores collides with it', async () => {
  const name = uniqueName('collide');
  expect((await create(`${name}.a`))?.errorCode).toBe(ErrorCode.none);
  expect((await create(`${name}_a`))?.errorCode).toBe(ErrorCode.invalidTopic);
});

conforms('counts that can not be are refused', async () => {
  expect((await create(uniqueName('none'), { partitions: 0 }))?.errorCode).toBe(ErrorCode.invalidPartitions);
  expect((await create(uniqueName('many'), { replicas: 9 }))?.errorCode).toBe(ErrorCode.invalidReplicationFactor);
});

conforms('unknown settings and values out of bounds are refused', async () => {
  expect((await create(uniqueName('bad'), { config: ['no.such.setting', '1'] }))?.errorCode).toBe(
    ErrorCode.invalidConfig,
  );
  expect((await create(uniqueName('bad'), { config: ['retention.ms', 'soon'] }))?.errorCode).toBe(
    ErrorCode.invalidConfig,
  );
  expect((await create(uniqueName('bad'), { config: ['cleanup.policy', 'hoard'] }))?.errorCode).toBe(
    ErrorCode.invalidConfig,
  );
});

conforms('validate-only creates nothing', async () => {
  const name = uniqueName('maybe');
  expect((await create(name, { validateOnly: true }))?.errorCode).toBe(ErrorCode.none);
  expect(await t.admin.listTopics()).not.toContain(name);
});

conforms('-1 partitions and replicas mean the defaults', async () => {
  const created = await create(uniqueName('default'), { partitions: -1, replicas: -1 });
  expect(created?.errorCode).toBe(ErrorCode.none);
  expect(created?.partitionCount).toBeGreaterThanOrEqual(1);
});

conforms('a deleted topic is gone, and its namesake is empty', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  await produceBatch(client, topic, batchOf({ values: ['old'] }));
  await t.admin.deleteTopics({ topics: [topic] });
  await expect.poll(() => t.admin.listTopics()).not.toContain(topic);
  await t.admin.createTopics({ waitForLeaders: false, topics: [{ topic }] });
  await t.led(topic, 1);
  expect(await t.admin.fetchTopicOffsets(topic)).toMatchObject([{ high: '0', low: '0' }]);
});

conforms('a fetch by id reads the topic that has it, and not one that was made anew under its name', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const idOf = async () => {
    const wanted = { ...metadata.request.empty, topics: [{ id: uuid.empty, name: topic }] };
    return (await client.call(metadata, 12, wanted)).topics[0]?.id ?? '';
  };
  const first = await idOf();
  await produceBatch(client, topic, batchOf({ values: ['of the first'] }));
  expect((await fetchOne(client, topic, { version: 13, topicId: first })).values).toEqual(['of the first']);
  await t.admin.deleteTopics({ topics: [topic] });
  await expect.poll(() => t.admin.listTopics(), readiness).not.toContain(topic);
  await t.admin.createTopics({ waitForLeaders: false, topics: [{ topic }] });
  await t.led(topic, 1);
  await produceBatch(client, topic, batchOf({ values: ['of the second'] }));
  expect((await fetchOne(client, topic, { version: 13, topicId: first })).errorCode).toBe(ErrorCode.unknownTopicId);
  const second = await fetchOne(client, topic, { version: 13, topicId: await idOf() });
  expect(second.values).toEqual(['of the second']);
});

conforms('deleting an unknown topic is an error', async () => {
  const client = await t.raw();
  const { topics } = await client.call(deleteTopics, 5, { names: [uniqueName('never')], timeoutMs: 5_000 });
  expect(topics[0]?.errorCode).toBe(ErrorCode.unknownTopicOrPartition);
});

conforms('partitions can be added, not taken away', async () => {
  const topic = await t.topic(2);
  await t.admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] });
  await t.led(topic, 4);
  await expect(t.admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })).rejects.toThrow(/partitions/i);
});

conforms('settings show their defaults and what was set', async () => {
  const topic = await t.topic(1, { 'cleanup.policy': 'compact', 'segment.ms': '60000' });
  await expect
    .poll(() => settingsOf(topic))
    .toMatchObject({
      'cleanup.policy': 'compact',
      'segment.ms': '60000',
      'max.message.bytes': '1048588',
      'retention.ms': '604800000',
    });
});

conforms('AlterConfigs resets what it does not name', async () => {
  const topic = await t.topic(1, { 'retention.ms': '1000' });
  await t.admin.alterConfigs({
    validateOnly: false,
    resources: [
      { type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name: 'segment.ms', value: '7000' }] },
    ],
  });
  await expect.poll(() => settingsOf(topic)).toMatchObject({ 'retention.ms': '604800000', 'segment.ms': '7000' });
});

conforms('IncrementalAlterConfigs sets, deletes, appends and subtracts', async () => {
  const topic = await t.topic(1, { 'retention.ms': '1000' });
  const client = await t.raw();
  const alter = async (name: string, operation: number, value: string | null) => {
    const resources = [{ type: 2, name: topic, configs: [{ name, operation, value }] }];
    return (await client.call(incrementalAlterConfigs, 1, { resources, validateOnly: false })).results[0]?.errorCode;
  };
  expect(await alter('segment.ms', 0, '9000')).toBe(ErrorCode.none);
  expect(await alter('retention.ms', 1, null)).toBe(ErrorCode.none);
  expect(await alter('cleanup.policy', 2, 'compact')).toBe(ErrorCode.none);
  await expect
    .poll(() => settingsOf(topic))
    .toMatchObject({
      'segment.ms': '9000',
      'retention.ms': '604800000',
      'cleanup.policy': 'delete,compact',
    });
  expect(await alter('cleanup.policy', 3, 'delete')).toBe(ErrorCode.none);
  await expect.poll(async () => (await settingsOf(topic))['cleanup.policy']).toBe('compact');
  expect(await alter('segment.ms', 2, '1')).toBe(ErrorCode.invalidConfig);
});

conforms('DeleteRecords moves the start of the log', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  await produceBatch(client, topic, batchOf({ values: ['a', 'b', 'c'] }));
  await t.admin.fetchTopicOffsets(topic); // KafkaJS deletes records only of topics whose leaders it has met.
  await t.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
  expect(await t.admin.fetchTopicOffsets(topic)).toMatchObject([{ high: '3', low: '2' }]);
  expect((await fetchOne(client, topic, { offset: 1n })).errorCode).toBe(ErrorCode.offsetOutOfRange);
  await t.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '-1' }] });
  expect(await t.admin.fetchTopicOffsets(topic)).toMatchObject([{ high: '3', low: '3' }]);
});

conforms('the cluster names its controller and its brokers', async () => {
  const { brokers, controller, clusterId } = await t.admin.describeCluster();
  expect(brokers.map(({ nodeId }) => nodeId)).toContain(controller);
  expect(clusterId).not.toBe('');
});
