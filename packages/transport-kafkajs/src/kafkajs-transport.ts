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
import { ClusterIdentity } from './network/cluster-identity.ts';
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
  readonly #identity: ClusterIdentity;
  /** What ends each thing that was handed out, while it has connections. */
  readonly #open = new Map<Cluster, () => Promise<void>>();
  /** All consumers' heartbeats go over its connections. */
  #beats: Cluster | null = null;

  constructor(options: KafkaJsOptions) {
    this.#options = options;
    this.#logger = kafkaLogger(options.log);
    this.#identity = new ClusterIdentity(options.clusterId);
  }

  admin(): TransportAdmin {
    const cluster = this.#connect();
    const admin = new KafkaJsAdmin(cluster);
    this.#open.set(cluster, () => admin.close());
    return admin;
  }

  producer(options: RecordProducerOptions = {}): RecordProducer {
    const cluster = this.#connect(options.clientId);
    const producer = new KafkaJsProducer(cluster, options, this.#options.log ?? (() => {}));
    this.#open.set(cluster, () => producer.abort());
    return producer;
  }

  consumer(options: GroupConsumerOptions, listener: GroupConsumerListener): GroupConsumer {
    const cluster = this.#connect(options.clientId);
    const { sessionTimeoutMs } = this.#options;
    const consumer = new KafkaJsGroupConsumer(
      cluster,
      this.#beating(),
      sessionTimeoutMs === undefined ? options : { sessionTimeoutMs, ...options },
      listener,
    );
    this.#open.set(cluster, () => consumer.stop());
    return consumer;
  }

  reader(): PartitionReader {
    return new KafkaJsReader(() => {
      const cluster = this.#connect();
      this.#open.set(cluster, () => cluster.close());
      return cluster;
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((close) => close()));
  }

  #beating(): Cluster {
    if (this.#beats !== null) return this.#beats;
    const cluster = this.#connect();
    this.#open.set(cluster, () => cluster.close());
    this.#beats = cluster;
    return cluster;
  }

  #connect(clientId = this.#options.clientId ?? 'millrace'): Cluster {
    const cluster = new Cluster(this.#options, this.#identity, clientId, this.#logger, () =>
      this.#open.delete(cluster),
    );
    return cluster;
  }
}
