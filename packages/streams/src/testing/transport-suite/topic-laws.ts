import { expect, test } from 'vitest';
import { type TransportRig, text } from './transport-rig.ts';

/** What members of a group notice of their topics. Drivers are set to look every few hundred milliseconds. */
export const topicLaws = ({ client, topicOf, produce, member }: TransportRig): void => {
  test('partitions that are added are divided, and begin with their first record, whatever the group starts from', async () => {
    const transport = await client();
    const topic = await topicOf(transport, 2);
    const a = await member(transport, [topic], { groupId: topic, startFrom: 'latest' }, (recording) => {
      recording.onAssigned = ({ partitions }) =>
        recording.consumer.commit(
          partitions.map(({ topic, partition, position }) => ({ topic, partition, offset: position })),
        );
    });
    expect(a.assignments[0]?.topics.get(topic)?.partitions).toBe(2);
    await transport.admin().addPartitions(topic, 5);
    await produce(
      transport,
      [2, 3, 4].map((partition) => ({ ...text(topic, 'k', `p${partition}`), partition })),
    );
    await a.until(() => a.records.length === 3);
    expect(a.values.sort()).toEqual(['p2', 'p3', 'p4']);
    expect(a.assignments.at(-1)?.topics.get(topic)?.partitions).toBe(5);
    expect(a.log.slice(0, 3)).toEqual([
      `assigned ${topic}/0 ${topic}/1`,
      `revoked ${topic}/0 ${topic}/1`,
      `assigned ${[0, 1, 2, 3, 4].map((partition) => `${topic}/${partition}`).join(' ')}`,
    ]);
  });

  test('a topic that is deleted and made anew is not read on: a new assignment says which log it is', async () => {
    const transport = await client();
    const topic = await topicOf(transport, 1);
    await produce(
      transport,
      ['1', '2', '3'].map((value) => text(topic, 'k', value)),
    );
    const a = await member(transport, [topic], { groupId: topic }, (recording) => {
      recording.onAssigned = async () => {
        if (recording.assignments.length > 1) recording.consumer.seek({ topic, partition: 0 }, 0n);
      };
    });
    await a.until(() => a.records.length === 3);
    await transport.admin().deleteTopics([topic]);
    await transport
      .admin()
      .createTopics([{ name: topic, partitions: 1, replication: 1, configs: { 'retention.ms': '-1' } }]);
    await produce(
      transport,
      ['a', 'b', 'c', 'd', 'e'].map((value) => text(topic, 'k', value)),
    );
    await a.until(() => a.values.includes('e'));
    expect(a.values).toEqual(['1', '2', '3', 'a', 'b', 'c', 'd', 'e']);
    const ids = a.assignments.map(({ partitions }) => partitions[0]?.topicId);
    expect(ids.every((id) => id !== undefined)).toBe(true);
    expect(new Set(ids).size).toBe(2);
  });

  test('a topic that is gone is said, and is read again once it is back', async () => {
    const transport = await client();
    const topic = await topicOf(transport, 1);
    const a = await member(transport, [topic], { groupId: topic });
    await transport.admin().deleteTopics([topic]);
    await a.until(() => a.failures.length > 0);
    expect(a.failures[0]).toMatchObject({ code: 'unknown-topic', retriable: true });
    await transport
      .admin()
      .createTopics([{ name: topic, partitions: 1, replication: 1, configs: { 'retention.ms': '-1' } }]);
    await produce(transport, [text(topic, 'k', 'back')]);
    await a.until(() => a.values.includes('back'));
  });
};
