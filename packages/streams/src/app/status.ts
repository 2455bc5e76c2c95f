import type { Notice } from '../sensors/notice.ts';
import type { TableStats } from '../tables/table-partition.ts';
import type { StepMeter } from '../topology/topology.ts';

/** What one worker says of one app: a plain snapshot, taken once or a few times a second. Offsets are decimal strings so that it crosses processes as JSON. */
export interface AppStatus {
  readonly app: string;
  readonly state: AppState;
  readonly tasks: readonly TaskStatus[];
  readonly partitions: readonly PartitionStatus[];
  /** By `agent/step`. */
  readonly meters: Readonly<Record<string, StepMeter>>;
  /** Per agent, ms of the last second (means over 5 s): how long it worked, waited for input, was held back by a full producer. */
  readonly load: Readonly<
    Record<string, { readonly busyMs: number; readonly idleMs: number; readonly backpressuredMs: number }>
  >;
  readonly tables: Readonly<Record<string, readonly ({ readonly partition: number } & TableStats)[]>>;
  readonly producer: { readonly bufferedBytes: number; readonly full: boolean };
  readonly lastCommitMs: number | null;
  readonly deadLetters: number;
  /** The newest failures, at most 20, newest first. */
  readonly failures: readonly {
    readonly atMs: number;
    readonly topic: string;
    readonly partition: number;
    readonly offset: string;
    readonly reason: string;
    /** Behind a repartition: the record that this one was made from. */
    readonly source?: { readonly topic: string; readonly partition: number; readonly offset: string };
    readonly agent?: string;
    readonly step?: string;
  }[];
  /** The newest, at most 20, newest first. */
  readonly notices: readonly Notice[];
}

/** The lifecycle of an app on a worker; `app/lifecycle.ts` holds its total transition table. */
export type AppState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'joining' }
  | { readonly kind: 'restoring'; readonly done: number; readonly total: number; readonly leftMs: number | null }
  | { readonly kind: 'running' }
  | { readonly kind: 'paused'; readonly sinceMs: number }
  | { readonly kind: 'retrying'; readonly reason: string; readonly sinceMs: number; readonly nextTryMs: number }
  | { readonly kind: 'failed'; readonly reason: string; readonly atMs: number }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'stopped' };

export interface TaskStatus {
  readonly subtopology: string;
  readonly partition: number;
  readonly state: 'restoring' | 'running' | 'paused';
  readonly streamTimeMs: number | null;
  /** What stream time waits for: a topic (behind a `group_by`, what feeds it) or a table, and a partition. Null: every source is idle. */
  readonly timeWaitsFor: { readonly name: string; readonly partition: number } | null;
  readonly restored?: { readonly done: number; readonly total: number; readonly tookMs: number | null };
}

export interface PartitionStatus {
  /** That reads it. */
  readonly subtopology: string;
  readonly topic: string;
  readonly partition: number;
  readonly committed: string | null;
  /** The next offset the runtime will process. */
  readonly read: string;
  readonly end: string;
  readonly lag: number;
  /** Records with a null value that were passed over since the partition was assigned. */
  readonly tombstones: number;
  readonly buffered: number;
  readonly bufferMax: number;
  readonly paused: boolean;
}
