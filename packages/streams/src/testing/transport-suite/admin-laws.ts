import { expect, test } from 'vitest';
import { partitionId } from '../../transport/record.ts';
import { type TransportRig, text } from './transport-rig.ts';

/** What every driver tells of a cluster: topics, settings, offsets. */
export const adminLaws = ({ client, topicOf, produce }: TransportRig): void => {
  test('a cluster tells its brokers', async () => {
    const cluster = await (await client()).admin().describeCluster();
    expect(cluster.brokers.length).toBeGreaterThan(0);
  });

  test('a topic is created once, described and listed; one that does not exist is left out', async () => {
    const transport = await client();
    const admin = transport.admin();
    const topic = await topicOf(transport, 3);
    expect(await admin.createTopics([{ name: topic, partitions: 7, replication: 1 }])).toEqual([]);
    expect(await admin.describeTopics([topic, 'no-such-topic'])).toMatchObject([
      { name: topic, partitions: 3, internal: false },
    ]);
    expect(await admin.listTopics()).toContain(topic);
  });

  test("a topic's settings can be read", async () => {
    const transport = await client();
    const topic = await topicOf(transport, 1, { 'cleanup.policy': 'compact' });
    expect((await transport.admin().topicConfigs(topic))['cleanup.policy']).toBe('compact');
  });

  test("some of a topic's settings are changed, the others stay", async () => {
    const transport = await client();
    const admin = transport.admin();
    const topic = await topicOf(transport, 1, { 'cleanup.policy': 'delete', 'retention.ms': '60000' });
    const bounds = { 'message.timestamp.after.max.ms': '9223372036854775807' };
    await admin.alterTopic(topic, { 'retention.ms': '-1', ...bounds });
    await expect
      .poll(() => admin.topicConfigs(topic), { timeout: 10_000 })
      .toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '-1', ...bounds });
  });

  test('records before an offset are deleted, those after stay; twice is once', async () => {
    const transport = await client();
    const admin = transport.admin();
    const topic = await topicOf(transport, 2);
    await produce(
      transport,
      [0, 0, 0, 1].map((partition) => ({ ...text(topic, 'k', 'v'), partition, timestampMs: 1_000 })),
    );
    const before = [
      { topic, partition: 0, offset: 2n },
      { topic, partition: 1, offset: 0n },
    ];
    await admin.deleteRecords(before);
    await admin.deleteRecords(before);
    expect([...(await admin.offsets(topic))].sort((a, b) => a.partition - b.partition)).toEqual([
      { partition: 0, earliest: 2n, latest: 3n },
      { partition: 1, earliest: 0n, latest: 1n },
    ]);
  });

  test('a deleted topic is no longer described', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    await transport.admin().deleteTopics([topic]);
    await expect.poll(() => transport.admin().describeTopics([topic]), { timeout: 10_000 }).toEqual([]);
  });

  test('what a group has not committed is told as -1', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    expect(
      (await transport.admin().committed(`${topic}-nobody`, [{ topic, partition: 0 }])).get(partitionId(topic, 0)),
    ).toBe(-1n);
  });

  test('offsets are told by end and by time', async () => {
    const transport = await client();
    const topic = await topicOf(transport, 2);
    await produce(
      transport,
      [1_000, 2_000, 3_000].map((timestampMs) => ({ ...text(topic, 'k', 'v'), partition: 1, timestampMs })),
    );
    const admin = transport.admin();
    expect([...(await admin.offsets(topic))].sort((a, b) => a.partition - b.partition)).toEqual([
      { partition: 0, earliest: 0n, latest: 0n },
      { partition: 1, earliest: 0n, latest: 3n },
    ]);
    const forTime = async (timestampMs: number) =>
      (await admin.offsetsForTime(topic, timestampMs)).find(({ partition }) => partition === 1)?.offset;
    expect([await forTime(0), await forTime(1_500), await forTime(2_000), await forTime(9_000)]).toEqual([
      0n,
      1n,
      1n,
      3n,
    ]);
  });
};
