/** Kafka's record, and batches of it: the only shapes that cross the transport. */
import type { RecordHeaders } from './record-headers.ts';

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

/** Records of one partition in offset order; `delta`s rise but may have gaps (compaction, transaction markers). */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: bigint;
  readonly records: readonly ConsumedRecord[];
  /** The offset to read next once all of the batch is done: past its gaps, too. */
  readonly nextOffset: bigint;
  /** The end of what may be read of the partition, when it was fetched: an open transaction holds back itself and all behind it. */
  readonly highWatermark: bigint;
  readonly sizeBytes: number;
  /** Absent when all could be read. Disjoint and rising, within `[baseOffset, nextOffset)`; no record lies in them. */
  readonly unreadable?: readonly UnreadableRange[];
}

/** Offsets that hold what cannot be read: a damaged batch, one that does not decompress, one of a format of the past. */
export interface UnreadableRange {
  readonly from: bigint;
  /** The offset behind the last one. */
  readonly to: bigint;
  /** Kafka's timestamp of the first record, as far as it is known; else −1. */
  readonly timestampMs: number;
  /** In words, of the batch: `it does not decompress with lz4: a block is cut off`. */
  readonly reason: string;
}

/** The batch with those of its unreadable ranges that `holds` is true of. */
export const keepUnreadable = (batch: RecordBatch, holds: (range: UnreadableRange) => boolean): RecordBatch => {
  if (batch.unreadable === undefined) return batch;
  const { unreadable, ...rest } = batch;
  const kept = unreadable.filter(holds);
  return kept.length === 0 ? rest : { ...rest, unreadable: kept };
};

/** What is said of a range, without its reason: `offsets 10 to 59 cannot be read`. */
export const unreadableWords = ({ from, to }: UnreadableRange): string =>
  to - from === 1n ? `offset ${from} cannot be read` : `offsets ${from} to ${to - 1n} cannot be read`;

/** A record to write. No partition: murmur2 of the key, as Java's clients do; without a key, sticky round robin. */
export interface ProducedRecord {
  readonly topic: string;
  readonly partition?: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestampMs: number;
  readonly headers?: RecordHeaders;
  /** What the caller knows of it, handed back with a refusal. It is never written, and no driver looks at it. */
  readonly making?: unknown;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** `logins/3`: the key of maps over partitions. */
export const partitionId = (topic: string, partition: number): string => `${topic}/${partition}`;
