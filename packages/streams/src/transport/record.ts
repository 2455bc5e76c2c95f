/** Kafka's record, and batches of it: the only shapes that cross the transport. */

/** A record as read. Its offset is its batch's `baseOffset + delta`: no bigint a record on the hot path. */
export interface ConsumedRecord {
  readonly delta: number;
  /** Kafka's timestamp: epoch milliseconds. */
  readonly timestampMs: number;
  /** Views into the fetched bytes: valid while the batch is, never written to. */
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Absent when there are none. */
  readonly headers?: RecordHeaders;
}

export type RecordHeaders = Readonly<Record<string, Buffer | string>>;

/** Records of one partition in offset order; `delta`s rise but may have gaps (compaction, transaction markers). */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: bigint;
  readonly records: readonly ConsumedRecord[];
  /** The offset to read next once all of the batch is done: past its gaps, too. */
  readonly nextOffset: bigint;
  /** The partition's end offset when it was fetched. */
  readonly highWatermark: bigint;
  readonly sizeBytes: number;
}

/** A record to write. No partition: murmur2 of the key, as Java's clients do; without a key, sticky round robin. */
export interface ProducedRecord {
  readonly topic: string;
  readonly partition?: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestampMs: number;
  readonly headers?: RecordHeaders;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** `logins/3`: the key of maps over partitions. */
export const partitionId = (topic: string, partition: number): string => `${topic}/${partition}`;
