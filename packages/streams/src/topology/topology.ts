import type { AppDocument, PlannedTopic } from '@millrace/spec';
import type { Clock } from '../clock.ts';
import type { TablePartition } from '../tables/table-partition.ts';
import type { ProducedRecord, RecordBatch } from '../transport/record.ts';
import type { EventBatch } from './event-batch.ts';

/**
 * A document compiled once per deploy: which topics are read together, and what is done with their events.
 * The seam between the runtime (tasks, buffers, commits) and the semantics (operators, windows, tables).
 */
export interface Topology {
  readonly app: string;
  readonly document: AppDocument;
  /** Split where an agent repartitions: each reads its own copartitioned topics. */
  readonly subtopologies: readonly Subtopology[];
  /** Every Kafka topic that must exist before a start, changelogs (compacted), repartitions, dead letters and late topics included. */
  readonly topics: readonly (PlannedTopic & {
    readonly configs: Readonly<Record<string, string>>;
    readonly replication: number;
  })[];
}

export interface Subtopology {
  /** Stable over versions: its sorted source topics, joined by `+`. */
  readonly id: string;
  /** Kafka topics, copartitioned. */
  readonly sources: readonly string[];
  readonly partitions: number;
  readonly tables: readonly { readonly id: string; readonly changelog: string }[];
  /** Present where a stage repartitions: names all that decides which records that makes. No blanks. */
  readonly repartitions?: string;
  /**
   * Makes the processor of one task. With `inherit`, tables of the same id and a compatible layout are taken over with their state; the others
   * are cleared (their entries get tombstones). The old processor must not be used afterwards.
   */
  build(context: TaskContext, inherit?: TaskProcessor): TaskProcessor;
}

/** What a task lends its processor. Nothing here blocks or returns a promise. */
export interface TaskContext {
  readonly partition: number;
  readonly clock: Clock;
  /** Counters by agent and step, shared by all tasks of the app on this worker. */
  readonly meters: StepMeters;
  /** The number of the pass that a source partition is in. */
  pass(topic: string): number;
  /** Buffered; flushed before offsets are committed. */
  send(record: ProducedRecord): void;
  /** A record that failed for good: dead-lettered, skipped or stopping the app, by the policy in it. */
  failed(failure: RecordFailure): void;
}

export interface RecordFailure {
  readonly policy: 'dead-letter' | 'skip' | 'stop';
  readonly kind: 'decode' | 'step';
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly agent?: string;
  readonly step?: string;
  /** In words, naming the field: `ok is missing`, `ts is not a timestamp: "yesterday"`. */
  readonly reason: string;
}

/** The work of one task: synchronous, over batches. */
export interface TaskProcessor {
  readonly tables: ReadonlyMap<string, TablePartition>;
  /** The highest event time seen, ms; −Infinity before the first event. */
  readonly streamTimeMs: number;
  /** Decodes a fetched batch into columns, event times extracted. Records that do not decode are reported through `context.failed` and left out. */
  decode(batch: RecordBatch): EventBatch;
  /** Runs events `[from, to)` through the steps. */
  process(events: EventBatch, from: number, to: number): void;
  /** Before a commit: emits the tables' conflated changes downstream, closes due windows, and sends the changelog records. */
  flush(): void;
  /** Moves stream time on when every input is idle (by the wall clock), so that windows close. */
  advance(streamTimeMs: number): void;
}

/** Counters that only grow; rates are differences over time. */
export interface StepMeter {
  in: number;
  out: number;
  dropped: number;
  late: number;
  errors: number;
  /** Time spent in the step, ms. */
  busyMs: number;
}

export interface StepMeters {
  /** The same object for the same agent and step, for as long as the app runs, over hot swaps too. */
  step(agent: string, step: string): StepMeter;
  /** Every meter, by `agent/step`. */
  all(): ReadonlyMap<string, StepMeter>;
}
