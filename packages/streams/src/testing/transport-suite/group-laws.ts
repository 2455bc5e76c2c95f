import { expect, test } from 'vitest';
import { partitionId } from '../../transport/record.ts';
import type { RecordingConsumer } from '../recording-consumer.ts';
import { type TransportRig, text } from './transport-rig.ts';

/** How the members of a group share its partitions. */
export const groupLaws = ({ client, topicOf, produce, member }: TransportRig): void => {
  test('two members divide copartitioned topics so that partition n of each is with one of them', async () => {
    const transport = await client();
    const [left, right] = [await topicOf(transport, 4), await topicOf(transport, 4)];
    const a = await member(transport, [[left, right]], { groupId: left });
    expect(a.held.length).toBe(8);
    const b = await member(await client(), [[left, right]], { groupId: left });
    await Promise.all([a.until(() => a.held.length === 4), b.until(() => b.held.length === 4)]);
    const numbers = (recording: RecordingConsumer, topic: string) =>
      recording.held.filter((id) => id.startsWith(topic)).map((id) => id.slice(topic.length + 1));
    expect(numbers(a, left)).toEqual(numbers(a, right));
    expect(numbers(b, left)).toEqual(numbers(b, right));
    expect([...a.held, ...b.held].sort()).toEqual([...new Set([...a.held, ...b.held])].sort());
  });

  test('a member keeps what it held when another joins, as far as the balance allows, and when it leaves', async () => {
    const transport = await client();
    const topic = await topicOf(transport, 4);
    const a = await member(transport, [topic], { groupId: topic });
    const b = await member(await client(), [topic], { groupId: topic });
    await a.until(() => a.held.length === 2);
    const kept = a.held;
    const c = await member(await client(), [topic], { groupId: topic });
    await Promise.all([a.until(() => a.assignments.length === 3), b.until(() => b.assignments.length === 2)]);
    for (const id of a.held) expect(kept).toContain(id);
    await c.consumer.stop();
    await a.until(() => a.assignments.length === 4);
    expect(a.held).toEqual(kept);
  });

  test('a member is told what is revoked before what is assigned, and its last commit counts', async () => {
    const transport = await client();
    const topic = await topicOf(transport, 2);
    await produce(
      transport,
      [0, 1].map((partition) => ({ ...text(topic, 'k', `p${partition}`), partition })),
    );
    const a = await member(transport, [topic], { groupId: topic }, (consumer) => {
      consumer.onRevoked = async (partitions) => {
        await consumer.consumer.commit(partitions.map((partition) => ({ ...partition, offset: 1n })));
      };
    });
    await a.until(() => a.records.length === 2);
    const b = await member(await client(), [topic], { groupId: topic });
    await a.until(() => a.log.length === 3);
    expect(a.log[1]).toBe(`revoked ${topic}/0 ${topic}/1`);
    expect(a.log[2]).toMatch(/^assigned /);
    expect(b.assignments.at(-1)?.partitions).toMatchObject([{ position: 1n, committed: 1n }]);
  });

  test('a member that leaves hands over everything', async () => {
    const transport = await client();
    const topic = await topicOf(transport, 3);
    const a = await member(transport, [topic], { groupId: topic });
    const b = await member(await client(), [topic], { groupId: topic });
    await b.until(() => b.held.length > 0);
    await a.consumer.stop();
    await b.until(() => b.held.length === 3);
    expect(a.log.at(-1)).toMatch(/^revoked /);
  });

  test('a member that does not give up its partitions in time is put out, and its commits are refused', async () => {
    const transport = await client();
    const topic = await topicOf(transport, 2);
    let release: () => void = () => {};
    const refused: unknown[] = [];
    const a = await member(
      transport,
      [topic],
      { groupId: topic, rebalanceTimeoutMs: 1_000, sessionTimeoutMs: 6_000 },
      (consumer) => {
        consumer.onRevoked = async (_, lost) => {
          if (lost || refused.length > 0) return;
          await new Promise<void>((resolve) => {
            release = resolve;
          });
          await consumer.consumer
            .commit([{ topic, partition: 0, offset: 77n }])
            .catch((error: unknown) => refused.push(error));
        };
      },
    );
    const b = await member(await client(), [topic], {
      groupId: topic,
      rebalanceTimeoutMs: 1_000,
      sessionTimeoutMs: 6_000,
    });
    await b.until(() => b.held.length === 2);
    release();
    await a.until(() => a.assignments.length === 2);
    expect(refused).toMatchObject([{ name: 'TransportError', code: 'fenced' }]);
    expect((await transport.admin().committed(topic, [{ topic, partition: 0 }])).get(partitionId(topic, 0))).toBe(-1n);
  });
};
