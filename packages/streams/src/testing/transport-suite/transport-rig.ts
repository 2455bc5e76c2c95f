import { afterEach } from 'vitest';
import type { GroupConsumerOptions } from '../../transport/group-consumer.ts';
import type { ProducedRecord, RecordBatch } from '../../transport/record.ts';
import type { Transport } from '../../transport/transport.ts';
import { RecordingConsumer, type SeenRecord, seenRecords } from '../recording-consumer.ts';

/**
 * Another program's transaction on partition 0 of a topic. One that is neither committed nor aborted stays open; `commit` and `abort`
 * resolve when its marker stands in the log.
 */
export interface ForeignTransaction {
  send(values: readonly string[]): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
}

export type BeginTransaction = (topic: string) => Promise<ForeignTransaction>;

/** What the laws of the suite need of a driver. What a test opens is closed after it. */
export interface TransportRig {
  /** A new client of the cluster. */
  client(): Promise<Transport>;
  /** A new topic, by its name. */
  topicOf(transport: Transport, partitions?: number, configs?: Record<string, string>): Promise<string>;
  produce(transport: Transport, records: readonly ProducedRecord[]): Promise<void>;
  /** A member of a group, started; topics that stand together are copartitioned. */
  member(
    transport: Transport,
    topics: readonly string[] | readonly (readonly string[])[],
    options: Partial<GroupConsumerOptions> & Pick<GroupConsumerOptions, 'groupId'>,
    prepare?: (consumer: RecordingConsumer) => void,
  ): Promise<RecordingConsumer>;
  readAll(batches: AsyncIterable<RecordBatch>): Promise<SeenRecord[]>;
  readonly begin: BeginTransaction;
}

/** To be called inside the `describe` whose tests use it. */
export const transportRig = (connect: () => Transport | Promise<Transport>, begin: BeginTransaction): TransportRig => {
  const open: Transport[] = [];
  const consumers: RecordingConsumer[] = [];
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map(({ consumer }) => consumer.stop()));
    await Promise.all(open.splice(0).map((transport) => transport.close()));
  });

  const client = async (): Promise<Transport> => {
    const transport = await connect();
    open.push(transport);
    return transport;
  };
  const topicOf = async (transport: Transport, partitions = 1, configs?: Record<string, string>): Promise<string> => {
    const topic = `suite-${crypto.randomUUID()}`;
    await transport
      .admin()
      // The records are old: a broker with Kafka's week of retention would drop them in mid-test.
      .createTopics([{ name: topic, partitions, replication: 1, configs: { 'retention.ms': '-1', ...configs } }]);
    return topic;
  };
  const produce = async (transport: Transport, records: readonly ProducedRecord[]): Promise<void> => {
    const producer = transport.producer();
    producer.send(records);
    await producer.flush();
    await producer.close();
  };
  const member = async (
    transport: Transport,
    topics: readonly string[] | readonly (readonly string[])[],
    options: Partial<GroupConsumerOptions> & Pick<GroupConsumerOptions, 'groupId'>,
    prepare: (consumer: RecordingConsumer) => void = () => {},
  ): Promise<RecordingConsumer> => {
    const copartitioned = topics.map((topic) => (typeof topic === 'string' ? [topic] : topic));
    const recording = new RecordingConsumer(transport, { ...options, copartitioned });
    consumers.push(recording);
    prepare(recording);
    await recording.consumer.start();
    return recording;
  };
  const readAll = async (batches: AsyncIterable<RecordBatch>): Promise<SeenRecord[]> => {
    const records: SeenRecord[] = [];
    for await (const batch of batches) records.push(...seenRecords(batch));
    return records;
  };
  return { client, topicOf, produce, member, readAll, begin };
};

export const text = (topic: string, key: string | null, value: string | null): ProducedRecord => ({
  topic,
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  timestampMs: 1_700_000_000_000,
});
