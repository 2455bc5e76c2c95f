import type { RecordBatch, TopicPartition } from './record.ts';

export interface ReadRange extends TopicPartition {
  /** First offset to read. */
  readonly from: bigint;
  /** Stop before this offset; absent: the end at the time of the call. */
  readonly to?: bigint;
}

export interface PartitionReader {
  /**
   * Reads ranges side by side, batches of each partition in order, until every range is done. Gaps count as read.
   * A `from` below the earliest kept offset starts at the earliest. Backpressure: the next fetch waits for the consumer of the iterator.
   */
  read(ranges: readonly ReadRange[], signal?: AbortSignal): AsyncIterable<RecordBatch>;
  /** Goes on past the end, waiting for more, until aborted. */
  tail(
    partitions: readonly (TopicPartition & { readonly from: bigint })[],
    signal: AbortSignal,
  ): AsyncIterable<RecordBatch>;
  close(): Promise<void>;
}
