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
import { ClusterMap } from './network/cluster-map.ts';
import type { KafkaLogger } from './network/kafkajs-internals.ts';
import { kafkaLogger } from './network/logger.ts';
import type { KafkaJsOptions } from './options.ts';
import { KafkaJsProducer } from './producer/producer.ts';
import { KafkaJsReader } from './reader.ts';

/** How long an answer about leaders and partition counts is believed, ms (Java's `metadata.max.age.ms`, which is 300 000 there). */
const defaultMetadataMaxAgeMs = 60_000;

/** The transport over Kafka's protocol. Connections are opened when they are first needed. */
export function kafkaJsTransport(options: KafkaJsOptions): Transport {
  return new KafkaJsTransport(options);
}

class KafkaJsTransport implements Transport {
  readonly name = 'kafkajs';
  readonly #options: KafkaJsOptions;
  readonly #logger: KafkaLogger;
  readonly #identity: ClusterIdentity;
  readonly #map: ClusterMap;
  /** What ends each thing that was handed out, while it has connections. */
  readonly #open = new Map<Cluster, () => Promise<void>>();
  /** What all consumers do at the same pace goes over its connections: heartbeats, and the look at their topics. */
  #shared: Cluster | null = null;

  constructor(options: KafkaJsOptions) {
    this.#options = options;
    this.#logger = kafkaLogger(options.log);
    this.#map = new ClusterMap(options.metadataMaxAgeMs ?? defaultMetadataMaxAgeMs);
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
      this.#inStep(),
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

  #inStep(): Cluster {
    if (this.#shared !== null) return this.#shared;
    const cluster = this.#connect();
    this.#open.set(cluster, () => cluster.close());
    this.#shared = cluster;
    return cluster;
  }

  #connect(clientId = this.#options.clientId ?? 'millrace'): Cluster {
    const cluster = new Cluster(this.#options, this.#map, this.#identity, clientId, this.#logger, () =>
      this.#open.delete(cluster),
    );
    return cluster;
  }
}
