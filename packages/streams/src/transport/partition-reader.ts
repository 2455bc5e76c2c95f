import type { RecordBatch, TopicPartition } from './record.ts';

interface ReadPartition extends TopicPartition {
  /** With what open and aborted transactions wrote; else only what is committed is read. */
  readonly uncommitted?: boolean;
}

export interface ReadRange extends ReadPartition {
  /** First offset to read. */
  readonly from: bigint;
  /** Stop before this offset; absent: the end at the time of the call. */
  readonly to?: bigint;
}

export interface TailStart extends ReadPartition {
  readonly from: bigint;
  /** The log that `from` is of, where it is known. */
  readonly topicId?: string;
}

export interface PartitionReader {
  /**
   * Reads ranges side by side, batches of each partition in order, until every range is done. Gaps count as read.
   * A `from` below the earliest kept offset starts at the earliest. Backpressure: the next fetch waits for the consumer of the iterator.
   */
  read(ranges: readonly ReadRange[], signal?: AbortSignal): AsyncIterable<RecordBatch>;
  /** Goes on past the end, waiting for more, until aborted. Throws `unknown-topic` when a topic has become another than its `topicId` says. */
  tail(partitions: readonly TailStart[], signal: AbortSignal): AsyncIterable<RecordBatch>;
  close(): Promise<void>;
}
