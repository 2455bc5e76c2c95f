import type { WindowBounds } from '@millrace/spec';
import type { EventBatch } from '../topology/event-batch.ts';
import type { RecordBatch } from '../transport/record.ts';
import type { RecordHeaders } from '../transport/record-headers.ts';

/** Where a row came from, with the bytes it was read from: for dead letters and late topics. */
export interface RowOrigin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders;
}

/**
 * The rows that a chain of operators works on, in columns. One per chain, filled again for every batch: operators overwrite cells and
 * compact in place, so nothing is allocated per row. All columns in use have at least `length` cells; cells beyond are stale.
 */
export class Rows {
  length = 0;
  readonly keys: unknown[] = [];
  readonly values: unknown[] = [];
  readonly timestampsMs: number[] = [];
  /** The task's stream time once the row's event is seen. */
  readonly streamTimesMs: number[] = [];
  /** For `origin`. */
  readonly origins: number[] = [];
  headers: (RecordHeaders | undefined)[] | undefined;
  windows: (WindowBounds | undefined)[] | undefined;
  origin: (index: number) => RowOrigin = noOrigin;
  /** The records that the rows were read from; undefined for a table's changes. */
  source: RecordBatch | undefined;

  /** Copies events `[from, to)`. */
  load(events: EventBatch, from: number, to: number): void {
    const { keys, values, timestampsMs, streamTimesMs, records, headers } = events;
    for (let i = from, row = 0; i < to; i++, row++) {
      this.keys[row] = keys[i];
      this.values[row] = values[i];
      this.timestampsMs[row] = timestampsMs[i] as number; // columns are of one length
      this.streamTimesMs[row] = streamTimesMs[i] as number; // written up to here
      this.origins[row] = records[i] as number; // columns are of one length
    }
    this.headers = headers?.slice(from, to);
    this.windows = undefined;
    this.source = events.source;
    this.length = to - from;
    this.origin = (index) => {
      const { source } = events;
      const record = source.records[index];
      if (record === undefined) return noOrigin();
      return {
        topic: source.topic,
        partition: source.partition,
        offset: source.baseOffset + BigInt(record.delta),
        timestampMs: record.timestampMs,
        key: record.key,
        value: record.value,
        ...(record.headers === undefined ? undefined : { headers: record.headers }),
      };
    };
  }

  /** The bytes that a row's value was read from. */
  sourceValue(row: number): Buffer | null {
    return this.source?.records[this.origins[row] as number]?.value ?? null; // row is within length
  }

  /** All headers that a row's record came with, its origin among them. */
  sourceHeaders(row: number): RecordHeaders | undefined {
    return this.source?.records[this.origins[row] as number]?.headers; // row is within length
  }

  /** Where a row's record stands in `source`, from its base offset. */
  delta(row: number): number {
    return this.source?.records[this.origins[row] as number]?.delta ?? 0; // row is within length
  }

  /** Copies a row down to a place before it. */
  move(from: number, to: number): void {
    this.keys[to] = this.keys[from];
    this.values[to] = this.values[from];
    this.timestampsMs[to] = this.timestampsMs[from] as number; // within length
    this.streamTimesMs[to] = this.streamTimesMs[from] as number; // within length
    this.origins[to] = this.origins[from] as number; // within length
    if (this.headers !== undefined) this.headers[to] = this.headers[from];
    if (this.windows !== undefined) this.windows[to] = this.windows[from];
  }
}

const noOrigin = (): never => {
  throw new Error('Broken invariant: a row without an origin');
};
