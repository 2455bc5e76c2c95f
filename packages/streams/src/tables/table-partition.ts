import type { Window } from '@millrace/spec';
import type { ProducedRecord, RecordBatch } from '../transport/record.ts';

/** One partition of a table: the state that a task owns. Synchronous; only its task writes it. */
export interface TablePartition {
  readonly table: string;
  readonly partition: number;
  readonly window: Window | undefined;
  readonly changelog: string;
  /** Applies changelog records, in order; the window timers come back with them. */
  restore(batch: RecordBatch): void;
  /** Conflated changes since the last call, as changelog records (tombstones for what expired). */
  takeChangelog(): ProducedRecord[];
  /** All windows of a key (one row for a plain table), newest window first. */
  get(key: unknown): TableRow[];
  query(query: TableQuery): TablePage;
  /** Counts of one aggregate's sum over the windows (newest 240), for the scrubber: the rows a window holds and the sum of a numeric column. */
  windows(
    column?: string,
  ): readonly { readonly startMs: number; readonly rows: number; readonly sum: number; readonly open: boolean }[];
  stats(): TableStats;
}

export interface TableRow {
  readonly key: unknown;
  readonly windowStartMs?: number;
  readonly windowEndMs?: number;
  /** The aggregates' values, by name. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Wall clock of the last update, epoch ms. */
  readonly updatedMs: number;
  /** Values of the sorted column over this key's 30 windows up to this one, oldest first (windowed tables, when `trend` is asked). */
  readonly trend?: readonly number[];
}

export interface TableQuery {
  /** Case-insensitive substring of the key's text. */
  readonly search?: string;
  /** `latest`: each key's newest window among those that end by the next step: the fullest one, not one that has just begun. `open`: all windows still open. `{ startMs }`: one window. Ignored by plain tables. */
  readonly windows: 'latest' | 'open' | 'all' | { readonly startMs: number };
  /** Rows for which this predicate over (key, value) holds; compiled by the caller. */
  readonly where?: (key: unknown, value: Readonly<Record<string, unknown>>) => boolean;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly limit: number;
  readonly trend?: boolean;
}

export interface TablePage {
  /** The first `limit` rows by `sort`. */
  readonly rows: readonly TableRow[];
  /** How many match in all. */
  readonly matched: number;
}

export interface TableStats {
  readonly keys: number;
  readonly entries: number;
  /** An estimate. */
  readonly sizeBytes: number;
  readonly updates: number;
  readonly late: number;
  /** Changelog records of another layout that the restore passed over. */
  readonly ignored?: number;
  readonly streamTimeMs: number | null;
  /** Stream time minus grace. */
  readonly watermarkMs: number | null;
}
