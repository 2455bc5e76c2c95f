import type { Dataflow, FeederTopic, Outlet } from '@millrace/dataflow';
import type { Clock } from '../clock.ts';
import type { SizeNote } from '../producer/size-note.ts';
import type { NoticePlace } from '../sensors/notice.ts';
import type { TablePartition } from '../tables/table-partition.ts';
import type { ProducedRecord, RecordBatch } from '../transport/record.ts';
import type { RecordHeaders } from '../transport/record-headers.ts';
import type { EventBatch } from './event-batch.ts';

/**
 * A dataflow made ready to run, once per deploy: which topics are read together, and what is done with their events.
 * The seam between the runtime (tasks, buffers, commits) and the semantics (operators, windows, tables).
 */
export interface Topology {
  readonly app: string;
  readonly dataflow: Dataflow;
  /** Split where an agent repartitions: each reads its own copartitioned topics. */
  readonly subtopologies: readonly Subtopology[];
  /** By repartition topic, the source topics that its records' origins count (`repartition/origin.ts`). */
  readonly origins: ReadonlyMap<string, readonly string[]>;
}

/** The app's own topics between its stages. */
export const repartitionTopics = ({ topics }: Dataflow): Set<string> =>
  new Set(topics.filter(({ role }) => role === 'repartition').map(({ name }) => name));

/** Kafka's names of the topics that agents send to. */
export const sinkTopics = ({ nodes }: Dataflow): string[] =>
  nodes.flatMap((node) => (node.kind === 'sink' ? [node.topic] : []));

export interface Subtopology {
  /** Stable over versions: its sorted source topics, joined by `+`. */
  readonly id: string;
  /** Kafka topics, copartitioned. */
  readonly sources: readonly string[];
  readonly partitions: number;
  readonly tables: readonly { readonly id: string; readonly changelog: string }[];
  /** Of each source that is a repartition topic: whose partitions feed it. By topic. */
  readonly feeders: ReadonlyMap<string, readonly FeederTopic[]>;
  /** The repartition topics that its stages write. */
  readonly outlets: readonly Outlet[];
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
  /** Tells a source topic from the one of its name before it; 0: not known. */
  log(topic: string): number;
  /** Buffered; flushed before offsets are committed. */
  send(record: ProducedRecord): void;
  /** A step of an agent has its turn, on the records at hand. */
  entered(agent: string, step: string): void;
  /** How long a topic that is sent to keeps its records, by their time, ms; Infinity: for ever, or not known. */
  keptMs(topic: string): number;
  /** Something that a person should know. What is said of the same subject takes the place of what was said before. */
  noticed(words: string, place: NoticePlace, subject: string): void;
  /** A record that failed for good: dead-lettered, skipped or stopping the app, by the policy in it. */
  failed(failure: RecordFailure): void;
}

export interface RecordFailure {
  readonly policy: 'dead-letter' | 'skip' | 'stop';
  readonly kind: 'decode' | 'step' | 'too-large';
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Where a range of offsets failed as one: the offset behind it. Their keys and values are not known. */
  readonly endOffset?: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders;
  readonly agent?: string;
  readonly step?: string;
  /** The table whose entry it is. */
  readonly table?: string;
  /** Behind a repartition: the record that this one was made from. */
  readonly source?: { readonly topic: string; readonly partition: number; readonly offset: bigint };
  /** Its bytes are too many to be written anywhere: this is told in their place. */
  readonly note?: SizeNote;
  /** In words, naming the field: `ok is missing`, `ts is not a timestamp: "yesterday"`. */
  readonly reason: string;
}

/** The work of one task: synchronous, over batches. */
export interface TaskProcessor {
  readonly tables: ReadonlyMap<string, TablePartition>;
  /** Event time, ms; −Infinity before it is known. */
  readonly streamTimeMs: number;
  /** Decodes a fetched batch into columns, event times extracted. Records that do not decode are reported through `context.failed` and left out. */
  decode(batch: RecordBatch): EventBatch;
  /** Runs events `[from, to)` through the steps, by the stream times written beside them. */
  process(events: EventBatch, from: number, to: number): void;
  /** Before a commit: emits the tables' conflated changes downstream, closes due windows, and sends the changelog records. */
  flush(): void;
  /** Moves stream time on; never back. */
  advance(streamTimeMs: number): void;
  /** `flush` has something to hand on, to write or to forget. */
  readonly flushDue: boolean;
  /** The stream time at which a flush will be due if nothing comes, ms; Infinity: none will. */
  readonly dueAtMs: number;
  changesTime(table: string): ChangesTime;
}

/** How far in event time the changes of a table are. */
export interface ChangesTime {
  /** None is still to come from before this, ms. */
  readonly timeMs: number;
  /** The same, when the last change was handed on. */
  readonly emittedMs: number;
  /** Changes are still to come, though no event does. */
  readonly waiting: boolean;
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
