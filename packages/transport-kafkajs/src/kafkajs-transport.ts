import type {
  GroupConsumer,
  GroupConsumerListener,
  GroupConsumerOptions,
  PartitionReader,
  RecordProducer,
  RecordProducerOptions,
  Transport,
  TransportAdmin,
} from '@millrace/streams';
import { KafkaJsAdmin } from './admin.ts';
import { KafkaJsGroupConsumer } from './group/group-consumer.ts';
import { Cluster } from './network/cluster.ts';
import type { KafkaLogger } from './network/kafkajs-internals.ts';
import { kafkaLogger } from './network/logger.ts';
import type { KafkaJsOptions } from './options.ts';
import { KafkaJsProducer } from './producer/producer.ts';
import { KafkaJsReader } from './reader.ts';

/** The transport over Kafka's protocol. Connections are opened when they are first needed. */
export function kafkaJsTransport(options: KafkaJsOptions): Transport {
  return new KafkaJsTransport(options);
}

class KafkaJsTransport implements Transport {
  readonly name = 'kafkajs';
  readonly #options: KafkaJsOptions;
  readonly #logger: KafkaLogger;
  /** What ends each thing that was handed out. */
  readonly #open = new Set<() => Promise<void>>();

  constructor(options: KafkaJsOptions) {
    this.#options = options;
    this.#logger = kafkaLogger(options.log);
  }

  admin(): TransportAdmin {
    const admin = new KafkaJsAdmin(this.#connect());
    this.#open.add(() => admin.close());
    return admin;
  }

  producer(options: RecordProducerOptions = {}): RecordProducer {
    const producer = new KafkaJsProducer(this.#connect(options.clientId), options, this.#options.log ?? (() => {}));
    this.#open.add(() => producer.abort());
    return producer;
  }

  consumer(options: GroupConsumerOptions, listener: GroupConsumerListener): GroupConsumer {
    const consumer = new KafkaJsGroupConsumer(this.#connect(options.clientId), options, listener);
    this.#open.add(() => consumer.stop());
    return consumer;
  }

  reader(): PartitionReader {
    const reader = new KafkaJsReader(() => this.#connect());
    this.#open.add(() => reader.close());
    return reader;
  }

  async close(): Promise<void> {
    const open = [...this.#open];
    this.#open.clear();
    await Promise.all(open.map((close) => close()));
  }

  #connect(clientId = this.#options.clientId ?? 'millrace'): Cluster {
    return new Cluster(this.#options, clientId, this.#logger);
  }
}
