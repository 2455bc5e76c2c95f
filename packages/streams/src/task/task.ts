import type { Outlet } from '@millrace/dataflow';
import { assert } from '../assert.ts';
import type { Clock } from '../clock.ts';
import { changelogMark, parseNote } from '../consumer/commit-note.ts';
import type { BufferMarks } from '../flow-control/partition-buffer.ts';
import { type Suspects, type Suspicion, setAsideReason } from '../poison/suspects.ts';
import type { WorkCursor } from '../poison/work-cursor.ts';
import { unknownLog } from '../repartition/origin.ts';
import { nextPass, openPass, parsePass } from '../repartition/pass.ts';
import { type ChangelogMarker, markerRecord } from '../tables/changelog-marker.ts';
import { checkState } from '../tables/state-lost.ts';
import type { RestoredTask } from '../tables/table-manager.ts';
import { MarkWriter } from '../time/mark-writer.ts';
import { TaskTime } from '../time/task-time.ts';
import type { RecordFailure, StepMeters, Subtopology, TaskContext, TaskProcessor } from '../topology/topology.ts';
import type { OffsetCommit } from '../transport/group-consumer.ts';
import type { ProducedRecord, RecordBatch, TopicPartition } from '../transport/record.ts';
import { TaskInput, type TaskSource } from './task-input.ts';

export interface TaskEnvironment {
  readonly clock: Clock;
  readonly cursor: WorkCursor;
  readonly suspects: Suspects;
  /** What becomes of a record that is set aside. */
  readonly policyOf: (suspicion: Suspicion) => RecordFailure['policy'];
  readonly meters: StepMeters;
  readonly send: (record: ProducedRecord) => void;
  readonly failed: (failure: RecordFailure) => void;
  readonly noticed: TaskContext['noticed'];
  readonly keptMs: (topic: string) => number;
}

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
  readonly #changelogMarks: readonly string[];
  readonly #time: TaskTime;
  readonly #marks: MarkWriter;
  #outlets: readonly Outlet[];
  #partitionsOf: (topic: string) => number | undefined = () => undefined;
  #subtopology: Subtopology;
  #processor: TaskProcessor;
  /** While decoding, failures are kept until it is their record's turn. */
  #decodeFailures: RecordFailure[] | null = null;
  /** Something went to a changelog since the last marker. */
  #changed = false;
  /** Something was sent since the last flush began. */
  #sent = false;
  /** The last flush found nothing to do, in a silence that has lasted since. */
  #settled = false;
  #nextFlush = 1;

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
    const nowMs = environment.clock.now();
    this.inputs = sources.map(
      (source) => new TaskInput(source, subtopology.feeders.get(source.topic), marks, environment.suspects, nowMs),
    );
    const { repartitions } = subtopology;
    sources.forEach(({ committed, metadata }, index) => {
      const input = this.inputs[index];
      if (!input || repartitions === undefined) return;
      input.time.restore(parseNote(metadata).timeMs);
      const before = committed === null ? { number: openPass, steps: repartitions } : parsePass(metadata);
      const goesOn = before?.steps === repartitions && input.madeAnewAfter === null;
      input.pass = goesOn ? before : nextPass(before, repartitions, nowMs);
    });
    this.#time = new TaskTime(this.inputs, nowMs);
    this.#marks = new MarkWriter(partition);
    this.#outlets = subtopology.outlets;
    this.ready = subtopology.tables.length === 0;
    this.#subtopology = subtopology;
    this.#environment = environment;
    this.#context = {
      partition,
      clock: environment.clock,
      meters: environment.meters,
      entered: (agent, step) => environment.cursor.step(agent, step),
      pass: (topic) => this.input(topic)?.pass?.number ?? 0,
      log: (topic) => this.input(topic)?.logNumber ?? unknownLog,
      send: (record) => {
        this.#sent = true;
        if (this.#changelogs.has(record.topic)) this.#changed = true;
        environment.send(record);
      },
      noticed: environment.noticed,
      keptMs: environment.keptMs,
      failed: (failure) => {
        if (this.#decodeFailures) this.#decodeFailures.push(failure);
        else environment.failed(failure);
      },
    };
    for (const table of subtopology.tables) this.#changelogs.add(table.changelog);
    this.#changelogMarks = [...this.#changelogs].map(changelogMark);
    for (const input of this.inputs) input.state = input.state.filter((mark) => this.#changelogMarks.includes(mark));
    this.#processor = subtopology.build(this.#context);
  }

  get subtopology(): Subtopology {
    return this.#subtopology;
  }

  get processor(): TaskProcessor {
    return this.#processor;
  }

  get hasWork(): boolean {
    return (
      this.ready &&
      this.inputs.some((input) => input.buffer.head !== undefined) &&
      this.inputs.every((input) => input.passKnown)
    );
  }

  get caughtUp(): boolean {
    return this.inputs.every((input) => input.caughtUp);
  }

  /** Every input is idle and read to its end, for all that was asked. */
  get quiet(): boolean {
    return this.ready && this.#time.quiet && this.caughtUp;
  }

  /** A flush might write, tell or commit something. */
  get flushDue(): boolean {
    return !this.#settled || !this.quiet || this.#processor.flushDue;
  }

  /** For how long nothing will be to do if nothing comes, ms. */
  get restMs(): number {
    return this.flushDue || !this.#time.withClock ? 0 : this.#processor.dueAtMs - this.#processor.streamTimeMs;
  }

  input(topic: string): TaskInput | undefined {
    return this.inputs.find((input) => input.topic === topic);
  }

  /**
   * Processes one run of at most `maxRows` events: of the input whose head is the earliest in event time, as far as no other buffered head
   * is earlier. An input with an empty buffer is not waited for. Returns the events done.
   * @throws WorkFault naming the records at hand
   */
  work(maxRows: number): number {
    try {
      return this.#work(maxRows);
    } catch (error) {
      throw this.#environment.cursor.fault(error);
    }
  }

  #work(maxRows: number): number {
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
    this.#settled = false;
    let to = Math.min(head.row + maxRows, head.events.length);
    if (limitMs !== Number.POSITIVE_INFINITY) to = endOfRun(head.events.timestampsMs, head.row, to, limitMs);
    const from = head.row;
    const nowMs = this.#environment.clock.now();
    const streamTimeMs = this.#time.run(input, head.events, from, to, this.#processor.streamTimeMs, nowMs);
    if (to > from) {
      const { origins } = head.events;
      const runs = origins === undefined ? [[from, to] as const] : input.origins.takeRuns(origins, from, to);
      const { source, records } = head.events;
      const behind = to < head.events.length ? (records[to] ?? source.records.length) : source.records.length;
      this.#environment.cursor.records('process', this.id, source, records[from] ?? 0, behind);
      for (const [first, end] of runs) this.#processor.process(head.events, first, end);
    }
    this.#processor.advance(streamTimeMs);
    for (const failure of input.finish(to)) this.#environment.failed(failure);
    return to - from;
  }

  /**
   * To be called now and then, the ends of the inputs just asked for: passes over those that have become idle. Once all are, for `idleTimeoutMs`,
   * stream time moves on with the wall clock, from where the last event left it.
   */
  advanceWhenIdle(nowMs: number, idleTimeoutMs: number): void {
    if (!this.ready) return;
    this.#processor.advance(this.#time.rest(nowMs, idleTimeoutMs));
  }

  /**
   * A generation of the group begins with this task in it: every source is waited for, and those behind it are told to do so.
   * `partitionsOf`: how many the topics of the app have.
   */
  join(generation: number, partitionsOf: (topic: string) => number | undefined): void {
    this.#partitionsOf = partitionsOf;
    this.#wire();
    this.#time.stir(this.#environment.clock.now());
    this.#marks.begin(generation);
    this.#settled = false;
    this.#mark();
  }

  /** What time waits for, where it is known: a topic (of a `group_by`, what feeds it) or a table, and a partition. */
  get waitsFor(): { readonly name: string; readonly partition: number } | null {
    const input = this.#time.lowest;
    if (input === undefined) return null;
    return input.time.waitsFor ?? { name: input.topic, partition: input.partition };
  }

  /**
   * Emits changes and changelog records, and tells what closes the flush: a marker for every changelog, and the positions that these belong to.
   * Synchronous: nothing of a later event is between.
   */
  flush(): Flush {
    const { cursor } = this.#environment;
    cursor.task('flush', this.id);
    try {
      this.#processor.flush();
    } catch (error) {
      throw cursor.fault(error);
    }
    cursor.end();
    this.#mark();
    let markers: readonly ProducedRecord[] = [];
    if (this.#changed) {
      const marker = this.#flushed();
      const nowMs = this.#environment.clock.now();
      markers = [...this.#changelogs].map((changelog) => markerRecord(marker, changelog, this.partition, nowMs));
      this.#nextFlush++;
      this.#changed = false;
      for (const input of this.inputs) input.state = this.#changelogMarks;
    }
    const commits = this.inputs.map((input) => input.commitDue()).filter((commit) => commit !== null);
    this.#settled = this.quiet && markers.length === 0 && commits.length === 0 && !this.#sent;
    this.#sent = false;
    return { markers, commits };
  }

  /** The log of an input has lost the position: it goes on at `position`, and its offsets may stand for other records than before. */
  restart(topic: string, position: bigint): void {
    const input = this.input(topic);
    input?.reset(position);
    this.#settled = false;
    if (input?.pass) input.pass = nextPass(input.pass, input.pass.steps, this.#environment.clock.now());
  }

  /**
   * Takes over what the table manager restored; returns where each input is to be read from.
   * @throws StateLost
   */
  begin(outcome: RestoredTask): readonly (TopicPartition & { readonly offset: bigint })[] {
    const { tables } = this.#subtopology;
    checkState(
      tables,
      this.partition,
      this.inputs.flatMap(({ state }) => state),
      outcome.unmarked,
    );
    for (const record of outcome.undo) this.#context.send(record);
    this.#nextFlush = outcome.nextFlush;
    const marker = outcome.marker;
    if (marker && marker.streamTimeMs !== null) this.#processor.advance(marker.streamTimeMs);
    for (const input of this.inputs) {
      const source = marker?.sources[input.topic];
      if (source && input.isAnother(source.log)) input.madeAnewAfter ??= source.position;
      input.reset(startOf(input, marker));
      // Where somebody has moved the offset back, what comes again is to be counted again; not what comes again because the log was lost.
      if (source?.origins && (input.madeAnewAfter !== null || input.tracker.position >= source.position))
        input.origins.restore(source.origins);
    }
    this.#time.restore(this.#processor.streamTimeMs);
    this.#time.stir(this.#environment.clock.now());
    this.ready = true;
    this.#settled = false;
    return this.inputs.map((input) => ({
      topic: input.topic,
      partition: input.partition,
      offset: input.tracker.position,
    }));
  }

  /** Exchanges the processor; its tables' state and the buffered events stay. To be called when flushed and committed. */
  exchange(subtopology: Subtopology, marks: BufferMarks): void {
    this.#processor = subtopology.build(this.#context, this.#processor);
    this.#settled = false;
    this.#subtopology = subtopology;
    const { repartitions } = subtopology;
    for (const input of this.inputs) {
      if (repartitions === undefined) input.pass = null;
      else if (input.pass?.steps !== repartitions)
        input.pass = nextPass(input.pass, repartitions, this.#environment.clock.now());
      input.forgetDecoded();
      input.buffer.marks = marks;
    }
    this.#wire();
  }

  /** Drops what is buffered: it will be fetched again from the position. */
  clearBuffers(): void {
    for (const input of this.inputs) input.reset(input.tracker.position);
  }

  readonly #decode = (batch: RecordBatch) => {
    const { cursor, suspects } = this.#environment;
    const failures: RecordFailure[] = [];
    const suspicion = suspects.setAside(batch);
    this.#decodeFailures = failures;
    try {
      if (suspicion === undefined) cursor.records('decode', this.id, batch, 0, batch.records.length);
      else failures.push(this.#setAside(batch, suspicion));
      const decoded = this.#processor.decode(suspicion === undefined ? batch : { ...batch, records: [] });
      if (batch.unreadable !== undefined) failures.sort((a, b) => (a.offset < b.offset ? -1 : 1));
      return { events: suspicion === undefined ? decoded : { ...decoded, source: batch }, failures };
    } finally {
      this.#decodeFailures = null;
    }
  };

  /** The lone record of a batch, with the reason why it is not processed. */
  #setAside(batch: RecordBatch, suspicion: Suspicion): RecordFailure {
    const { topic, partition, baseOffset, records } = batch;
    const { agent, step, phase } = suspicion.place;
    return {
      policy: this.#environment.policyOf(suspicion),
      kind: phase === 'decode' ? 'decode' : 'step',
      topic,
      partition,
      offset: baseOffset + BigInt(records[0]?.delta ?? 0),
      timestampMs: records[0]?.timestampMs ?? 0,
      key: records[0]?.key ?? null,
      value: records[0]?.value ?? null,
      ...(records[0]?.headers === undefined ? {} : { headers: records[0].headers }),
      ...(agent === undefined ? {} : { agent }),
      ...(step === undefined ? {} : { step }),
      reason: setAsideReason(suspicion),
    };
  }

  /** Who feeds this task, and whom it feeds, by the partitions that there are. */
  #wire(): void {
    const { feeders, outlets } = this.#subtopology;
    const partitionsOf = this.#partitionsOf;
    for (const input of this.inputs) {
      const topics = feeders.get(input.topic);
      input.time.expect(
        topics?.map((topic) => ({
          ...topic,
          partitions: Math.max(...topic.topics.map((name) => partitionsOf(name) ?? topic.partitions)),
        })) ?? null,
      );
    }
    this.#outlets = outlets.map((outlet) => ({
      ...outlet,
      partitions: partitionsOf(outlet.topic) ?? outlet.partitions,
    }));
  }

  /** Behind what was sent: tells the tasks behind this one how far its sources are. */
  #mark(): void {
    const times = {
      topic: (name: string) => this.input(name)?.time,
      changes: (table: string) => {
        const { timeMs, emittedMs, waiting } = this.#processor.changesTime(table);
        // In a silence, time is told when something closes: those behind have a clock of their own.
        return this.#time.quiet ? { timeMs: emittedMs, idle: !waiting } : { timeMs, idle: false };
      },
    };
    for (const mark of this.#marks.due(this.#outlets, times, this.#environment.clock)) this.#context.send(mark);
  }

  #flushed(): ChangelogMarker {
    const streamTimeMs = this.#processor.streamTimeMs;
    return {
      flush: this.#nextFlush,
      changelogs: [...this.#changelogs],
      sources: Object.fromEntries(
        this.inputs.map((input) => [
          input.topic,
          {
            position: input.tracker.position,
            ...(input.log === null ? undefined : { log: input.log }),
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
  if (input.madeAnewAfter !== null) return 0n;
  if (!source) return input.tracker.position;
  if (input.committed === null) return source.position;
  const ours = input.committed === source.position || source.committed.includes(input.committed);
  return ours ? source.position : input.committed;
};
