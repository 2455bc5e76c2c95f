import type { TopicPartition } from './record.ts';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly configs?: Readonly<Record<string, string>>;
}

export interface TopicDescription {
  readonly name: string;
  /** A topic that is deleted and made anew has another; null: the broker does not say. */
  readonly id: string | null;
  readonly partitions: number;
  readonly replication: number;
  readonly internal: boolean;
}

export interface PartitionOffsets {
  readonly partition: number;
  /** The first offset still kept. */
  readonly earliest: bigint;
  /** The end of what may be read: the offset that the next record will get, or the first one that an open transaction holds back. */
  readonly latest: bigint;
}

export interface OffsetsOptions {
  /** What open transactions wrote may be read, too. */
  readonly uncommitted?: boolean;
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
  /** Brings a topic to as many partitions, which is more than it has. */
  addPartitions(topic: string, partitions: number): Promise<void>;
  deleteTopics(names: readonly string[]): Promise<void>;
  topicConfigs(name: string): Promise<Readonly<Record<string, string>>>;
  /** Sets these of a topic's settings; the others stay. */
  alterTopic(name: string, configs: Readonly<Record<string, string>>): Promise<void>;
  /** Deletes the records before an offset, a partition each. Those that are gone already are no error. */
  deleteRecords(before: readonly (TopicPartition & { readonly offset: bigint })[]): Promise<void>;
  offsets(topic: string, options?: OffsetsOptions): Promise<readonly PartitionOffsets[]>;
  /** The offset that the next record of each partition will get, by `partitionId`: one question to each leader, however many topics. */
  ends(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>>;
  /** The first offset at or after a time (epoch ms), a partition each; `latest` where there is none. */
  offsetsForTime(
    topic: string,
    timestampMs: number,
  ): Promise<readonly { readonly partition: number; readonly offset: bigint }[]>;
  /** Committed offsets of a group; −1n where there is none. */
  committed(groupId: string, partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>>;
  /** Moves the offsets of a group that has no members. */
  moveOffsets(groupId: string, offsets: readonly (TopicPartition & { readonly offset: bigint })[]): Promise<void>;
  close(): Promise<void>;
}
