import type { ClusterMetadata } from './cluster.ts';
import { kafkaCode } from './kafka-failure.ts';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

interface KnownTopic {
  readonly topicId: string | null;
  /** By partition. */
  readonly leaders: ReadonlyMap<number, number>;
  readonly atMs: number;
}

/** What one process knows of the cluster, whoever asked: its brokers, and who leads which partition. */
export class ClusterMap {
  /** How long an answer about leaders and partition counts is believed, ms. */
  readonly maxAgeMs: number;
  readonly #brokers = new Map<number, BrokerAddress>();
  readonly #topics = new Map<string, KnownTopic>();

  constructor(maxAgeMs: number) {
    this.maxAgeMs = maxAgeMs;
  }

  /** Brokers that are not in the answer are gone; topics that are not were not asked for. */
  learn({ brokers, topicMetadata }: ClusterMetadata): void {
    this.#brokers.clear();
    for (const { nodeId, host, port } of brokers) this.#brokers.set(nodeId, { host, port });
    const atMs = performance.now();
    for (const { topic, topicErrorCode, topicId = null, partitionMetadata } of topicMetadata) {
      if (topicErrorCode !== kafkaCode.none) this.#topics.delete(topic);
      else {
        const leaders = new Map(partitionMetadata.map((p) => [p.partitionId, p.leader]));
        this.#topics.set(topic, { atMs, topicId, leaders });
      }
    }
  }

  learnBroker(nodeId: number, address: BrokerAddress): void {
    this.#brokers.set(nodeId, address);
  }

  broker(nodeId: number): BrokerAddress | null {
    return this.#brokers.get(nodeId) ?? null;
  }

  /** By partition, −1 where there is none; null when not known or too old. */
  leaders(topic: string): ReadonlyMap<number, number> | null {
    const known = this.#topics.get(topic);
    return known !== undefined && performance.now() - known.atMs < this.maxAgeMs ? known.leaders : null;
  }

  /** As of when its leaders were learnt; null when not known, or where the broker knows no ids. */
  topicId(topic: string): string | null {
    return this.#topics.get(topic)?.topicId ?? null;
  }

  /** What was known of these topics is wrong. */
  forget(topics: Iterable<string>): void {
    for (const topic of topics) this.#topics.delete(topic);
  }
}
