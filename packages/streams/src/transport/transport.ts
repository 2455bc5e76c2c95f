import type { TransportAdmin } from './admin.ts';
import type { GroupConsumer, GroupConsumerListener, GroupConsumerOptions } from './group-consumer.ts';
import type { PartitionReader } from './partition-reader.ts';
import type { RecordProducer, RecordProducerOptions } from './record-producer.ts';

/**
 * A driver: how the runtime reaches Kafka. Drivers keep one behavioural suite (`testing/transport-suite.ts`):
 * the memory driver, KafkaJS on the embedded broker, and KafkaJS on Apache Kafka all pass it.
 * Everything throws `TransportError`; `retriable` says whether waiting may help.
 */
export interface Transport {
  readonly name: string;
  admin(): TransportAdmin;
  producer(options?: RecordProducerOptions): RecordProducer;
  consumer(options: GroupConsumerOptions, listener: GroupConsumerListener): GroupConsumer;
  /** Reads partitions outside any group: restores, tails, table histories. */
  reader(): PartitionReader;
  /** Closes every connection that is still open. Idempotent. */
  close(): Promise<void>;
}
