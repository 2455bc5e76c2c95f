import type { TopicPartition } from './record.ts';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly configs?: Readonly<Record<string, string>>;
}

export interface TopicDescription {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly internal: boolean;
}

export interface PartitionOffsets {
  readonly partition: number;
  /** The first offset still kept. */
  readonly earliest: bigint;
  /** The offset the next record will get. */
  readonly latest: bigint;
}

export interface TransportAdmin {
  /** Brokers that answer; throws a retriable `TransportError` when none does, its message naming each address and what it said. */
  describeCluster(): Promise<{
    readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
    readonly controller: number | null;
  }>;
  listTopics(): Promise<readonly string[]>;
  /** Topics that do not exist are left out. */
  describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]>;
  /** Creates those that do not exist, returns their names; an existing one is left as it is. Resolves once every created topic has leaders. */
  createTopics(topics: readonly TopicSpec[]): Promise<readonly string[]>;
  deleteTopics(names: readonly string[]): Promise<void>;
  topicConfigs(name: string): Promise<Readonly<Record<string, string>>>;
  offsets(topic: string): Promise<readonly PartitionOffsets[]>;
  /** The first offset at or after a time (epoch ms), a partition each; `latest` where there is none. */
  offsetsForTime(
    topic: string,
    timestampMs: number,
  ): Promise<readonly { readonly partition: number; readonly offset: bigint }[]>;
  /** Committed offsets of a group; −1n where there is none. */
  committed(groupId: string, partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>>;
  close(): Promise<void>;
}
