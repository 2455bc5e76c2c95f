import type { RecordBatch, RecordHeaders } from '../transport/record.ts';

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
  /** Only of a repartition topic: each row's origin, undefined where a record has none. */
  origins?: (Buffer | undefined)[];
  /** Only when some record has headers; of a repartition topic, without the origin's. */
  headers?: (RecordHeaders | undefined)[];
}
