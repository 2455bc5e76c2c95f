import type { OffsetsOptions, PartitionOffsets, TopicDescription, TopicSpec, TransportAdmin } from '../admin.ts';
import { partitionId, type TopicPartition } from '../record.ts';
import { TransportError } from '../transport-error.ts';
import type { MemoryBroker } from './memory-broker.ts';

export class MemoryAdmin implements TransportAdmin {
  readonly #broker: MemoryBroker;

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  async describeCluster() {
    this.#broker.faults.reach();
    return { brokers: [{ nodeId: 0, host: 'memory', port: 0 }], controller: 0 };
  }

  async listTopics(): Promise<readonly string[]> {
    this.#broker.faults.reach();
    return [...this.#broker.topics.keys()];
  }

  async describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]> {
    this.#broker.faults.reach();
    return names.flatMap((name) => {
      const topic = this.#broker.topics.get(name);
      return topic
        ? [
            {
              name,
              id: topic.id,
              partitions: topic.logs.length,
              replication: topic.spec.replication,
              internal: false,
            },
          ]
        : [];
    });
  }

  async createTopics(topics: readonly TopicSpec[]): Promise<readonly string[]> {
    this.#broker.faults.reach();
    return topics.filter((topic) => this.#broker.create(topic)).map((topic) => topic.name);
  }

  async addPartitions(topic: string, partitions: number): Promise<void> {
    this.#broker.faults.reach();
    this.#broker.addPartitions(topic, partitions);
  }

  async deleteTopics(names: readonly string[]): Promise<void> {
    this.#broker.faults.reach();
    for (const name of names) this.#broker.delete(name);
  }

  async topicConfigs(name: string): Promise<Readonly<Record<string, string>>> {
    this.#broker.faults.reach();
    const topic = this.#broker.topics.get(name);
    if (!topic) throw new TransportError('unknown-topic', `memory: there is no topic ${name}`, { retriable: false });
    return { 'cleanup.policy': 'delete', ...topic.spec.configs };
  }

  async alterTopic(name: string, configs: Readonly<Record<string, string>>): Promise<void> {
    this.#broker.faults.reach();
    const topic = this.#broker.topics.get(name);
    if (!topic) throw new TransportError('unknown-topic', `memory: there is no topic ${name}`, { retriable: false });
    this.#broker.topics.set(name, {
      ...topic,
      spec: { ...topic.spec, configs: { ...topic.spec.configs, ...configs } },
    });
  }

  async deleteRecords(before: readonly (TopicPartition & { readonly offset: bigint })[]): Promise<void> {
    this.#broker.faults.reach();
    for (const { topic, partition, offset } of before) this.#broker.log(topic, partition).truncateBefore(offset);
  }

  async offsets(topic: string, { uncommitted = false }: OffsetsOptions = {}): Promise<readonly PartitionOffsets[]> {
    this.#broker.faults.reach();
    return this.#broker
      .logs(topic)
      .map((log) => ({ partition: log.partition, earliest: log.earliest, latest: log.end(uncommitted) }));
  }

  async ends(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
    this.#broker.faults.reach();
    return new Map(
      partitions.map(({ topic, partition }) => [
        partitionId(topic, partition),
        this.#broker.log(topic, partition).end(false),
      ]),
    );
  }

  async offsetsForTime(topic: string, timestampMs: number) {
    this.#broker.faults.reach();
    return this.#broker
      .logs(topic)
      .map((log) => ({ partition: log.partition, offset: log.offsetForTime(timestampMs) }));
  }

  async committed(groupId: string, partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
    this.#broker.faults.reach();
    const group = this.#broker.group(groupId);
    return new Map(
      partitions.map(({ topic, partition }) => [
        partitionId(topic, partition),
        group.committed.get(partitionId(topic, partition)) ?? -1n,
      ]),
    );
  }

  async moveOffsets(
    groupId: string,
    offsets: readonly (TopicPartition & { readonly offset: bigint })[],
  ): Promise<void> {
    this.#broker.faults.reach();
    const { committed } = this.#broker.group(groupId);
    for (const { topic, partition, offset } of offsets) committed.set(partitionId(topic, partition), offset);
  }

  async close(): Promise<void> {}
}
