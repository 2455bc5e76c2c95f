import {
  type OffsetsOptions,
  type PartitionOffsets,
  partitionId,
  type TopicDescription,
  type TopicPartition,
  type TopicSpec,
  type TransportAdmin,
  TransportError,
} from '@millrace/streams';
import { commitOffsets, committedOffsets } from './group/offsets.ts';
import { BackOff } from './network/back-off.ts';
import type { Cluster, TopicMetadata } from './network/cluster.ts';
import { deleteRecords } from './network/delete-records.ts';
import { alterTopicConfigs } from './network/incremental-alter-configs.ts';
import { kafkaCode, refusal } from './network/kafka-failure.ts';
import { earliest, latest, listOffsets } from './network/list-offsets.ts';
import { forOlderBrokers, isOfNewerBrokers } from './topic-settings.ts';

const createTimeoutMs = 15_000;
const topicResource = 2;

interface TopicErrors {
  readonly topicErrors: readonly {
    readonly topic: string;
    readonly errorCode: number;
    readonly errorMessage?: string | null;
  }[];
}

export class KafkaJsAdmin implements TransportAdmin {
  readonly #cluster: Cluster;
  readonly #closing = new AbortController();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async describeCluster(): ReturnType<TransportAdmin['describeCluster']> {
    const { brokers, controllerId } = await this.#cluster.metadata([]);
    return {
      brokers: brokers.map(({ nodeId, host, port }) => ({ nodeId, host, port })),
      controller: controllerId < 0 ? null : controllerId,
    };
  }

  async listTopics(): Promise<readonly string[]> {
    const { topicMetadata } = await this.#cluster.metadata(null);
    return topicMetadata.map(({ topic }) => topic).sort();
  }

  async describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]> {
    if (names.length === 0) return [];
    const { topicMetadata } = await this.#cluster.metadata(names);
    const described: TopicDescription[] = [];
    for (const { topic, topicId = null, topicErrorCode, isInternal = false, partitionMetadata } of topicMetadata) {
      if (topicErrorCode === kafkaCode.unknownTopicOrPartition) continue;
      if (topicErrorCode !== kafkaCode.none && topicErrorCode !== kafkaCode.leaderNotAvailable) {
        throw refusal(topicErrorCode, `topic ${topic}`);
      }
      const replication = Math.max(0, ...partitionMetadata.map(({ replicas }) => replicas.length));
      described.push({
        name: topic,
        id: topicId,
        partitions: partitionMetadata.length,
        replication,
        internal: isInternal,
      });
    }
    return described;
  }

  async createTopics(topics: readonly TopicSpec[]): Promise<readonly string[]> {
    if (topics.length === 0) return [];
    const controller = await this.#cluster.controller();
    const { topicErrors } = await controller.send<TopicErrors>('CreateTopics', {
      validateOnly: false,
      timeout: createTimeoutMs,
      topics: topics.map(({ name, partitions, replication, configs = {} }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: replication,
        configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })),
      })),
    });
    const created: string[] = [];
    const older: TopicSpec[] = [];
    let failure: TransportError | null = null;
    for (const { topic, errorCode, errorMessage } of topicErrors) {
      const spec = topics.find(({ name }) => name === topic);
      if (errorCode === kafkaCode.none) created.push(topic);
      else if (errorCode === kafkaCode.invalidConfig && spec?.configs && isOfNewerBrokers(errorMessage ?? ''))
        older.push({ ...spec, configs: forOlderBrokers(spec.configs) });
      else if (errorCode !== kafkaCode.topicAlreadyExists) {
        failure ??= refusal(errorCode, `topic ${topic} cannot be created`, errorMessage);
      }
    }
    await this.#settled(
      topics.filter(({ name }) => created.includes(name)),
      hasLeaders,
    );
    if (failure !== null) throw failure;
    return [...created, ...(await this.createTopics(older))];
  }

  async addPartitions(topic: string, partitions: number): Promise<void> {
    const controller = await this.#cluster.controller();
    const { topicErrors } = await controller.send<TopicErrors>('CreatePartitions', {
      validateOnly: false,
      timeout: createTimeoutMs,
      topicPartitions: [{ topic, count: partitions }],
    });
    this.#cluster.forget([topic]);
    for (const { errorCode, errorMessage } of topicErrors) {
      if (errorCode !== kafkaCode.none) throw refusal(errorCode, `topic ${topic} gets no partitions`, errorMessage);
    }
    await this.#settled([{ name: topic, partitions }], hasLeaders);
  }

  async deleteTopics(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const controller = await this.#cluster.controller();
    const { topicErrors } = await controller.send<TopicErrors>('DeleteTopics', {
      topics: names,
      timeout: createTimeoutMs,
    });
    this.#cluster.forget(names);
    for (const { topic, errorCode } of topicErrors) {
      if (errorCode === kafkaCode.none || errorCode === kafkaCode.unknownTopicOrPartition) continue;
      throw refusal(errorCode, `topic ${topic} cannot be deleted`);
    }
    await this.#settled(
      names.map((name) => ({ name, partitions: 0 })),
      (topic) => topic?.topicErrorCode === kafkaCode.unknownTopicOrPartition,
    );
  }

  async topicConfigs(name: string): Promise<Readonly<Record<string, string>>> {
    const { resources } = await this.#cluster.any((link) =>
      link.send<{
        readonly resources: readonly {
          readonly errorCode: number;
          readonly errorMessage: string | null;
          readonly configEntries: readonly { readonly configName: string; readonly configValue: string | null }[];
        }[];
      }>('DescribeConfigs', { resources: [{ type: topicResource, name }], includeSynonyms: false }),
    );
    const configs: [string, string][] = [];
    for (const { errorCode, errorMessage, configEntries } of resources) {
      if (errorCode !== kafkaCode.none) throw refusal(errorCode, `topic ${name}`, errorMessage);
      // A sensitive value is told as null.
      for (const { configName, configValue } of configEntries) configs.push([configName, configValue ?? '']);
    }
    return Object.fromEntries(configs);
  }

  async alterTopic(name: string, configs: Readonly<Record<string, string>>): Promise<void> {
    const alter = (settings: Readonly<Record<string, string>>) =>
      this.#cluster.any((link) => alterTopicConfigs(link, name, settings));
    let { errorCode, errorMessage } = await alter(configs);
    if (errorCode !== kafkaCode.none && isOfNewerBrokers(errorMessage ?? ''))
      ({ errorCode, errorMessage } = await alter(forOlderBrokers(configs)));
    if (errorCode !== kafkaCode.none) throw refusal(errorCode, `topic ${name} cannot be changed`, errorMessage);
  }

  deleteRecords(before: readonly (TopicPartition & { readonly offset: bigint })[]): Promise<void> {
    return deleteRecords(this.#cluster, before);
  }

  async offsets(topic: string, options: OffsetsOptions = {}): Promise<readonly PartitionOffsets[]> {
    const partitions = (await this.#partitions(topic)).map((partition) => ({ ...partition, ...options }));
    const [first, end] = await Promise.all([
      listOffsets(this.#cluster, partitions, earliest, this.#closing.signal),
      listOffsets(this.#cluster, partitions, latest, this.#closing.signal),
    ]);
    return partitions.map(({ partition }) => {
      const id = partitionId(topic, partition);
      return { partition, earliest: first.get(id) ?? 0n, latest: end.get(id) ?? 0n };
    });
  }

  ends(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
    return listOffsets(this.#cluster, partitions, latest, this.#closing.signal);
  }

  async offsetsForTime(
    topic: string,
    timestampMs: number,
  ): Promise<readonly { readonly partition: number; readonly offset: bigint }[]> {
    const partitions = await this.#partitions(topic);
    const [found, end] = await Promise.all([
      listOffsets(this.#cluster, partitions, Math.max(0, timestampMs), this.#closing.signal),
      listOffsets(this.#cluster, partitions, latest, this.#closing.signal),
    ]);
    return partitions.map(({ partition }) => {
      const id = partitionId(topic, partition);
      const offset = found.get(id) ?? -1n;
      return { partition, offset: offset >= 0n ? offset : (end.get(id) ?? 0n) };
    });
  }

  async committed(groupId: string, partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
    const committed = await committedOffsets(this.#cluster, groupId, partitions, this.#closing.signal);
    return new Map([...committed].map(([id, { offset }]) => [id, offset]));
  }

  async moveOffsets(
    groupId: string,
    offsets: readonly (TopicPartition & { readonly offset: bigint })[],
  ): Promise<void> {
    if (offsets.length === 0) return;
    // As a member of no generation, which a group without members takes (Kafka's simple consumers do so).
    await commitOffsets(this.#cluster, { groupId, memberId: '', generation: -1 }, offsets, this.#closing.signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#cluster.close();
  }

  async #partitions(topic: string): Promise<TopicPartition[]> {
    const { topicMetadata } = await this.#cluster.metadata([topic]);
    const [described] = topicMetadata;
    const code = described?.topicErrorCode ?? kafkaCode.unknownTopicOrPartition;
    if (described === undefined || (code !== kafkaCode.none && code !== kafkaCode.leaderNotAvailable)) {
      throw refusal(code, `topic ${topic}`);
    }
    return described.partitionMetadata
      .map(({ partitionId: partition }) => ({ topic, partition }))
      .sort((a, b) => a.partition - b.partition);
  }

  /** Waits until the metadata says so of each topic. */
  async #settled(
    topics: readonly { readonly name: string; readonly partitions: number }[],
    condition: (topic: TopicMetadata | undefined, partitions: number) => boolean,
  ): Promise<void> {
    if (topics.length === 0) return;
    const backOff = new BackOff();
    const deadline = performance.now() + createTimeoutMs;
    for (;;) {
      const { topicMetadata } = await this.#cluster.metadata(topics.map(({ name }) => name));
      const waiting = topics.filter(({ name, partitions }) => {
        const topic = topicMetadata.find((answer) => answer.topic === name);
        return !condition(topic, partitions);
      });
      if (waiting.length === 0) return;
      if (performance.now() > deadline || this.#closing.signal.aborted) {
        const names = waiting.map(({ name }) => name).join(', ');
        throw new TransportError('timeout', `the brokers have not settled on: ${names}`, { retriable: true });
      }
      await backOff.wait(this.#closing.signal);
    }
  }
}

const hasLeaders = (topic: TopicMetadata | undefined, partitions: number): boolean =>
  topic?.topicErrorCode === kafkaCode.none &&
  topic.partitionMetadata.length >= partitions &&
  topic.partitionMetadata.every(({ leader }) => leader >= 0);
