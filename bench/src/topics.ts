import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { partitionCount } from './events.ts';

/** A topic of a name that no other run has, with `partitionCount` partitions. */
export async function createTopic(
  brokers: string,
  name: string,
  configs: Readonly<Record<string, string>> = {},
): Promise<string> {
  const topic = `bench-${name}-${process.pid}-${Date.now()}`;
  // The events are of 2023: with Kafka's week of retention they would be gone before they are read.
  const kept = { 'retention.ms': '-1', ...configs };
  const transport = kafkaJsTransport({ brokers: brokers.split(',') });
  await transport.admin().createTopics([{ name: topic, partitions: partitionCount, replication: 1, configs: kept }]);
  await transport.close();
  return topic;
}

/** How many records the topic was ever given: the sum of its end offsets. */
export async function recordsWritten(brokers: string, topic: string): Promise<number> {
  const offsets = await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

async function withAdmin<T>(brokers: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ clientId: 'bench', brokers: brokers.split(','), logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
