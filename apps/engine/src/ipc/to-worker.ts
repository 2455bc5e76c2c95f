import type { AppDocument } from '@millrace/spec';
import type { Suspicion } from '@millrace/streams';

/** What control asks of a worker. JSON: it crosses Node's IPC channel. Each request gets exactly one reply, unless the worker dies. */
export interface ToWorker {
  readonly id: number;
  readonly request: WorkerRequest;
}

export type WorkerRequest =
  /** Compiles a version and keeps it; nothing changes yet. */
  | {
      readonly kind: 'prepare';
      readonly app: string;
      readonly version: number;
      readonly document: AppDocument;
      /** By Kafka topic, the partitions that it has. */
      readonly partitions: Readonly<Record<string, number>>;
    }
  /** Runs a prepared version: into the running app at a batch boundary (`swap`), or in its stead (`start`: this member rejoins). */
  | {
      readonly kind: 'deploy';
      readonly app: string;
      readonly version: number;
      readonly how: 'start' | 'swap';
      readonly paused: boolean;
      /** What workers have ended at: see `Suspects`. */
      readonly suspicions: readonly Suspicion[];
    }
  /** Another worker has ended at these records of the app. */
  | { readonly kind: 'suspect'; readonly app: string; readonly suspicions: readonly Suspicion[] }
  | { readonly kind: 'pause'; readonly app: string }
  | { readonly kind: 'resume'; readonly app: string }
  /** Flushes, commits, leaves the group. Fine when it does not run. */
  | { readonly kind: 'stop'; readonly app: string }
  | ({ readonly kind: 'table-page'; readonly app: string; readonly table: string } & PageQuery)
  /** `keyJson`: canonical JSON. */
  | { readonly kind: 'table-key'; readonly app: string; readonly table: string; readonly keyJson: string }
  | { readonly kind: 'table-windows'; readonly app: string; readonly table: string; readonly column: string | null };

/** A page over the partitions of one worker: of the matching rows, by `sort`, those at `[skip, skip + limit)`. */
export interface PageQuery {
  readonly search: string | null;
  /** An expression over `key` and `value`, already checked. */
  readonly where: string | null;
  readonly windows: 'latest' | 'open' | 'all' | { readonly startMs: number };
  readonly sort: { readonly column: string; readonly descending: boolean };
  readonly skip: number;
  readonly limit: number;
  readonly trend: boolean;
  /** Only what sorts the rows: the other columns are left out. */
  readonly sortOnly: boolean;
}
