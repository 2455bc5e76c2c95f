import { MemoryBroker } from '@millrace/streams/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../system-clock.ts';
import { TopicTails } from './topic-tails.ts';

const topic = 'events';
const transport = new MemoryBroker({ clock: systemClock }).transport();
const admin = transport.admin();
const tails = new TopicTails(admin, transport, () => false, 20);
afterEach(() => tails.close());

const create = (partitions: number) => admin.createTopics([{ name: topic, partitions, replication: 1 }]);
const send = async (partition: number, ...values: string[]) => {
  const producer = transport.producer();
  producer.send(
    values.map((value) => ({ topic, partition, key: null, value: Buffer.from(value), timestampMs: 1_000 })),
  );
  await producer.close();
};

test('[P3] a tail begins at the end, and shows partitions that are added and a log that is made anew from their first record', async () => {
  await create(1);
  await send(0, 'before');
  const seen: string[] = [];
  let troubles: (string | null)[] = [];
  tails.follow(topic, {
    batch: ({ records }) => {
      for (const { value } of records) seen.push(String(value));
    },
    trouble: (reason) => troubles.push(reason),
  });
  await vi.waitFor(() => expect(troubles).toEqual([null]));
  await send(0, 'a');
  await vi.waitFor(() => expect(seen).toEqual(['a']));

  await admin.addPartitions(topic, 2);
  await send(1, 'b', 'c');
  await vi.waitFor(() => expect(seen).toEqual(['a', 'b', 'c']));

  troubles = [];
  await admin.deleteTopics([topic]);
  await create(2);
  await send(0, 'd', 'e', 'f');
  await vi.waitFor(() => expect(seen).toEqual(['a', 'b', 'c', 'd', 'e', 'f']), 5_000);
});
