import type { TimeMark } from '../time/time-mark.ts';
import type { RecordBatch } from '../transport/record.ts';
import type { RecordHeaders } from '../transport/record-headers.ts';

/**
 * Decoded events in columns, all of length `length`. Operators work on whole columns.
 * Row i came from `source.records[records[i]]`.
 */
export interface EventBatch {
  readonly source: RecordBatch;
  length: number;
  keys: unknown[];
  values: unknown[];
  timestampsMs: number[];
  /** Index of each row's record in `source.records`. */
  records: number[];
  /** The task's stream time once it has come to the row: written when it does. */
  streamTimesMs: number[];
  /** Of a repartition topic: what its sources say of their time, each behind as many rows. Absent: nothing. */
  marks?: { readonly row: number; readonly mark: TimeMark }[];
  /** Only of a repartition topic: each row's origin, undefined where a record has none. */
  origins?: (Buffer | undefined)[];
  /** Only when some record has headers; of a repartition topic, without the origin's. */
  headers?: (RecordHeaders | undefined)[];
  /** Which records of `source` have a null value: they delete, and are no events. Rising; absent when there are none. */
  tombstones?: number[];
}
