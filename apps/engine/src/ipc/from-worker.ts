import type { AppStatus, TableRow } from '@millrace/streams';
import type { WorkerRequest } from './to-worker.ts';

export type FromWorker =
  | { readonly type: 'ready' }
  /** `result`: as JSON text, which the channel's own JSON would not keep every digit of. */
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly result: string }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly code: string; readonly message: string }
  | WorkerStatus;

/** How a worker is doing, pushed a few times a second. */
export interface WorkerStatus {
  readonly type: 'status';
  readonly atMs: number;
  readonly cpuPercent: number;
  readonly heapBytes: number;
  /** V8's; what does not fit ends the worker. */
  readonly heapLimitBytes: number;
  /** Every app that it runs. */
  readonly running: readonly string[];
  /** Those of which there is news. */
  readonly apps: readonly { readonly version: number; readonly status: AppStatus }[];
}

/** What a worker answers, by the kind of the request. */
export interface WorkerResults {
  prepare: null;
  deploy: null;
  suspect: null;
  pause: null;
  resume: null;
  stop: null;
  'table-page': PageResult;
  'table-key': { readonly rows: readonly PartitionRow[] };
  'table-windows': { readonly windows: readonly WindowFigures[] };
}

export type ResultOf<R extends WorkerRequest> = WorkerResults[R['kind']];

export type PartitionRow = TableRow & { readonly partition: number; readonly open: boolean };

export interface PageResult {
  readonly partitions: readonly number[];
  readonly rows: readonly PartitionRow[];
  readonly matched: number;
  readonly total: number;
  /** The filter had no time to look at every row: more may match. */
  readonly partial: boolean;
}

export interface WindowFigures {
  readonly startMs: number;
  readonly rows: number;
  readonly sum: number;
  readonly open: boolean;
}
