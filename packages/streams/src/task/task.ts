import { assert } from '../assert.ts';
import type { Clock } from '../clock.ts';
import type { BufferMarks } from '../flow-control/partition-buffer.ts';
import { nextPass, parsePass } from '../repartition/pass.ts';
import { type ChangelogMarker, markerRecord } from '../tables/changelog-marker.ts';
import type { RestoredTask } from '../tables/table-manager.ts';
import type { RecordFailure, StepMeters, Subtopology, TaskContext, TaskProcessor } from '../topology/topology.ts';
import type { Assignment, OffsetCommit } from '../transport/group-consumer.ts';
import type { ProducedRecord, RecordBatch, TopicPartition } from '../transport/record.ts';
import { TaskInput } from './task-input.ts';

export interface TaskEnvironment {
  readonly clock: Clock;
  readonly meters: StepMeters;
  readonly send: (record: ProducedRecord) => void;
  readonly failed: (failure: RecordFailure) => void;
}

export type TaskSource = Assignment['partitions'][number];

/** What a flush leaves to be written, in this order: each once everything before it is acknowledged. */
export interface Flush {
  /** Close the flush: it counts once these are in the log, and so must not be before its outputs are. */
  readonly markers: readonly ProducedRecord[];
  readonly commits: readonly OffsetCommit[];
}

export const taskId = (subtopology: Subtopology, partition: number): string => `${subtopology.id}/${partition}`;

/** Owns partition n of a subtopology's sources: their buffers, the processor and its state, the positions. Works in slices, when told to. */
export class Task {
  readonly id: string;
  readonly partition: number;
  readonly inputs: readonly TaskInput[];
  /** False while its tables are being restored. */
  ready: boolean;
  restored: { done: number; total: number; tookMs: number | null } | null = null;
  readonly #environment: TaskEnvironment;
  readonly #context: TaskContext;
  readonly #changelogs = new Set<string>();
  #subtopology: Subtopology;
  #processor: TaskProcessor;
  /** While decoding, failures are kept until it is their record's turn. */
  #decodeFailures: RecordFailure[] | null = null;
  /** Something went to a changelog since the last marker. */
  #changed = false;
  #nextFlush = 1;
  #lastActiveMs: number;
  #idleBaseMs: number;

  constructor(
    subtopology: Subtopology,
    sources: readonly TaskSource[],
    marks: BufferMarks,
    environment: TaskEnvironment,
  ) {
    const partition = sources[0]?.partition;
    assert(partition !== undefined, `task of ${subtopology.id} without a source`);
    this.id = taskId(subtopology, partition);
    this.partition = partition;
    this.inputs = sources.map((source) => new TaskInput(source, marks));
    const { repartitions } = subtopology;
    sources.forEach(({ metadata }, index) => {
      const input = this.inputs[index];
      const before = parsePass(metadata);
      if (!input || repartitions === undefined) return;
      input.pass = before?.steps === repartitions ? before : nextPass(before, repartitions, environment.clock.now());
    });
    this.ready = subtopology.tables.length === 0;
    this.#subtopology = subtopology;
    this.#environment = environment;
    this.#context = {
      partition,
      clock: environment.clock,
      meters: environment.meters,
      pass: (topic) => this.input(topic)?.pass?.number ?? 0,
      send: (record) => {
        if (this.#changelogs.has(record.topic)) this.#changed = true;
        environment.send(record);
      },
      failed: (failure) => {
        if (this.#decodeFailures) this.#decodeFailures.push(failure);
        else environment.failed(failure);
      },
    };
    for (const table of subtopology.tables) this.#changelogs.add(table.changelog);
    this.#processor = subtopology.build(this.#context);
    this.#lastActiveMs = environment.clock.now();
    this.#idleBaseMs = this.#processor.streamTimeMs;
  }

  get subtopology(): Subtopology {
    return this.#subtopology;
  }

  get processor(): TaskProcessor {
    return this.#processor;
  }

  get hasWork(): boolean {
    return this.ready && this.inputs.some((input) => input.buffer.head !== undefined);
  }

  get caughtUp(): boolean {
    return this.inputs.every((input) => input.caughtUp);
  }

  input(topic: string): TaskInput | undefined {
    return this.inputs.find((input) => input.topic === topic);
  }

  /**
   * Processes one run of at most `maxRows` events: of the input whose head is the earliest in event time, as far as no other buffered head
   * is earlier. An input with an empty buffer is not waited for. Returns the events done.
   */
  work(maxRows: number): number {
    let input: TaskInput | undefined;
    let earliestMs = Number.POSITIVE_INFINITY;
    let limitMs = Number.POSITIVE_INFINITY;
    for (const candidate of this.inputs) {
      const head = candidate.decoded(this.#decode);
      if (!head) continue;
      const atMs = head.events.timestampsMs[head.row] ?? Number.NEGATIVE_INFINITY;
      if (!input || atMs < earliestMs) {
        if (input) limitMs = earliestMs;
        input = candidate;
        earliestMs = atMs;
      } else if (atMs < limitMs) limitMs = atMs;
    }
    const head = input?.decoded(this.#decode);
    if (!input || !head) return 0;
    let to = Math.min(head.row + maxRows, head.events.length);
    if (limitMs !== Number.POSITIVE_INFINITY) to = endOfRun(head.events.timestampsMs, head.row, to, limitMs);
    const from = head.row;
    if (to > from) {
      const { origins } = head.events;
      const runs = origins === undefined ? [[from, to] as const] : input.origins.takeRuns(origins, from, to);
      for (const [first, end] of runs) this.#processor.process(head.events, first, end);
    }
    for (const failure of input.finish(to)) this.#environment.failed(failure);
    this.#lastActiveMs = this.#environment.clock.now();
    this.#idleBaseMs = this.#processor.streamTimeMs;
    return to - from;
  }

  /** Once idle for `idleTimeoutMs` with every input read to its end, stream time moves on with the wall clock, from where the last event left it. */
  advanceWhenIdle(nowMs: number, idleTimeoutMs: number): void {
    const idleMs = nowMs - this.#lastActiveMs;
    if (!this.ready || idleMs < idleTimeoutMs || !Number.isFinite(this.#idleBaseMs) || !this.caughtUp) return;
    this.#processor.advance(this.#idleBaseMs + idleMs);
  }

  /**
   * Emits changes and changelog records, and tells what closes the flush: a marker for every changelog, and the positions that these belong to.
   * Synchronous: nothing of a later event is between.
   */
  flush(): Flush {
    this.#processor.flush();
    let markers: readonly ProducedRecord[] = [];
    if (this.#changed) {
      const marker = this.#marker();
      const nowMs = this.#environment.clock.now();
      markers = [...this.#changelogs].map((changelog) => markerRecord(marker, changelog, this.partition, nowMs));
      this.#nextFlush++;
      this.#changed = false;
    }
    return { markers, commits: this.inputs.map((input) => input.commitDue()).filter((commit) => commit !== null) };
  }

  /** The log of an input has lost the position: it goes on at `position`, and its offsets may stand for other records than before. */
  restart(topic: string, position: bigint): void {
    const input = this.input(topic);
    input?.reset(position);
    if (input?.pass) input.pass = nextPass(input.pass, input.pass.steps, this.#environment.clock.now());
  }

  /** Takes over what the table manager restored; returns where each input is to be read from. */
  begin(outcome: RestoredTask): readonly (TopicPartition & { readonly offset: bigint })[] {
    for (const record of outcome.undo) this.#context.send(record);
    this.#nextFlush = outcome.nextFlush;
    const marker = outcome.marker;
    if (marker && marker.streamTimeMs !== null) this.#processor.advance(marker.streamTimeMs);
    for (const input of this.inputs) {
      const source = marker?.sources[input.topic];
      input.reset(startOf(input, marker));
      // Where somebody has moved the offset back, what comes again is to be counted again.
      if (source?.origins && input.tracker.position >= source.position) input.origins.restore(source.origins);
    }
    this.#lastActiveMs = this.#environment.clock.now();
    this.#idleBaseMs = this.#processor.streamTimeMs;
    this.ready = true;
    return this.inputs.map((input) => ({
      topic: input.topic,
      partition: input.partition,
      offset: input.tracker.position,
    }));
  }

  /** Exchanges the processor; its tables' state and the buffered events stay. To be called when flushed and committed. */
  exchange(subtopology: Subtopology, marks: BufferMarks): void {
    this.#processor = subtopology.build(this.#context, this.#processor);
    this.#subtopology = subtopology;
    const { repartitions } = subtopology;
    for (const input of this.inputs) {
      if (repartitions === undefined) input.pass = null;
      else if (input.pass?.steps !== repartitions)
        input.pass = nextPass(input.pass, repartitions, this.#environment.clock.now());
      input.forgetDecoded();
      input.buffer.marks = marks;
    }
  }

  /** Drops what is buffered: it will be fetched again from the position. */
  clearBuffers(): void {
    for (const input of this.inputs) input.reset(input.tracker.position);
  }

  readonly #decode = (batch: RecordBatch) => {
    const failures: RecordFailure[] = [];
    this.#decodeFailures = failures;
    try {
      return { events: this.#processor.decode(batch), failures };
    } finally {
      this.#decodeFailures = null;
    }
  };

  #marker(): ChangelogMarker {
    const streamTimeMs = this.#processor.streamTimeMs;
    return {
      flush: this.#nextFlush,
      changelogs: [...this.#changelogs],
      sources: Object.fromEntries(
        this.inputs.map((input) => [
          input.topic,
          {
            position: input.tracker.position,
            committed: input.possiblyCommitted,
            origins: input.origins.snapshot(),
          },
        ]),
      ),
      streamTimeMs: Number.isFinite(streamTimeMs) ? streamTimeMs : null,
    };
  }
}

/** The first row at or after `from + 1`, and at most `to`, later than `limitMs`. */
const endOfRun = (timestampsMs: readonly number[], from: number, to: number, limitMs: number): number => {
  let row = Math.min(from + 1, to);
  while (row < to && (timestampsMs[row] ?? 0) <= limitMs) row++;
  return row;
};

/**
 * Where an input goes on: where its restored state ends. Unless the group's offset is not one that this state's flush left behind:
 * then somebody has moved it (a reset), and it is obeyed.
 */
const startOf = (input: TaskInput, marker: ChangelogMarker | null): bigint => {
  const source = marker?.sources[input.topic];
  if (!source) return input.tracker.position;
  if (input.committed === null) return source.position;
  const ours = input.committed === source.position || source.committed.includes(input.committed);
  return ours ? source.position : input.committed;
};
