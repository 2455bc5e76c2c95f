/** Offsets by time, over a partition's log. */
import type { PartitionLog } from './partition-log.ts';
import type { RecordBatch } from './record-batch.ts';
import { decodeRecords } from './records.ts';

export interface TimedOffset {
  readonly offset: bigint;
  readonly timestampMs: number;
}

/** The first record of `timestampMs` or later; null when there is none. */
export async function firstOffsetAtOrAfter(log: PartitionLog, timestampMs: number): Promise<TimedOffset | null> {
  for (const segment of log.segments) {
    if (segment.maxTimestampMs < timestampMs) continue;
    for await (const { batch } of segment.batchesFromTime(timestampMs)) {
      if (batch.maxTimestampMs < timestampMs || batch.lastOffset < log.startOffset) continue;
      const found = firstRecord(batch, log.startOffset, (recordMs) => recordMs >= timestampMs);
      if (found !== null) return found;
    }
  }
  return null;
}

/** The record with the highest timestamp, the earliest of several; null in an empty log. */
export async function offsetOfMaxTimestamp(log: PartitionLog): Promise<TimedOffset | null> {
  const maxTimestampMs = log.segments.reduce((max, segment) => Math.max(max, segment.maxTimestampMs), -1);
  return maxTimestampMs < 0 ? null : firstOffsetAtOrAfter(log, maxTimestampMs);
}

/** A batch that can't be looked into (zstd before Node 22.15) answers its first offset: at or before the wanted record, never after it. */
function firstRecord(batch: RecordBatch, fromOffset: bigint, holds: (ms: number) => boolean): TimedOffset | null {
  if (batch.isControl) return null;
  const records = decodeRecords(batch);
  if (records === undefined) return { offset: batch.baseOffset, timestampMs: batch.maxTimestampMs };
  const record = records.find((one) => one.offset >= fromOffset && holds(one.timestampMs));
  return record === undefined ? null : { offset: record.offset, timestampMs: record.timestampMs };
}
