import type { FeederTopic } from '@millrace/dataflow';
import type { ReadPartition } from '../app/known-topics.ts';
import { noteText, parseNote } from '../consumer/commit-note.ts';
import { OffsetTracker } from '../consumer/offset-tracker.ts';
import { type BufferMarks, PartitionBuffer } from '../flow-control/partition-buffer.ts';
import type { Suspects } from '../poison/suspects.ts';
import { logNumber } from '../repartition/origin.ts';
import { OriginLog } from '../repartition/origin-log.ts';
import { type Pass, parsePass } from '../repartition/pass.ts';
import { InputTime } from '../time/input-time.ts';
import type { TimedInput } from '../time/task-time.ts';
import type { EventBatch } from '../topology/event-batch.ts';
import type { RecordFailure } from '../topology/topology.ts';
import type { Assignment, OffsetCommit } from '../transport/group-consumer.ts';
import { keepUnreadable, type RecordBatch } from '../transport/record.ts';

/** Unconfirmed commits that are remembered: the newest. */
const maxAttempts = 64;

/** A decoded head: what of it is done, and the failures of its decoding that are not yet told. */
interface Head {
  readonly events: EventBatch;
  readonly failures: RecordFailure[];
  /** The next row to process. */
  row: number;
  /** Records before this one are done. */
  record: number;
  /** So many of the batch's tombstones were passed over. */
  tombstones: number;
}

/** Where a partition is read from, and what was committed of it. */
export type TaskSource = Assignment['partitions'][number] & {
  /** As this app last read it, where the commit does not say. */
  readonly read?: ReadPartition | undefined;
};

/** One source partition of a task: its buffer, the decoded head of it, and what is finished. */
export class TaskInput implements TimedInput {
  readonly topic: string;
  readonly partition: number;
  readonly buffer: PartitionBuffer;
  readonly tracker: OffsetTracker;
  /** The id of its topic; null: not known. */
  readonly log: string | null;
  /** The same as origins name it. */
  readonly logNumber: number;
  /** How many offsets had been read of a topic of this name that is gone; null: it is the topic that was read before. */
  madeAnewAfter: bigint | null = null;
  /** Which source records a repartition topic has brought. */
  readonly origins = new OriginLog();
  readonly time: InputTime;
  readonly repartitioned: boolean;
  activeMs: number;
  /** Null where the task does not repartition. */
  pass: Pass | null = null;
  /** Marks of the task's changelogs that hold what was read so far: `changelogMark`. */
  state: readonly string[] = [];
  /** Records with a null value that were passed over since this worker has had the partition, sessions before this one included. */
  tombstones = 0;
  /** Those that the group knows are passed. */
  committedTombstones = 0;
  readonly #suspects: Suspects;
  #committed: bigint | null;
  #committedMetadata: string | undefined;
  #committedPass: Pass | null;
  /** As of the offset that was last due. */
  #dueTombstones = 0;
  /** Commits that were sent since the last that was confirmed: the group may have them. */
  #attempted: bigint[] = [];
  /** The partition's end, as far as known: it only grows while the log does. */
  end: bigint;
  #expected: bigint;
  #head: Head | null = null;

  constructor(
    source: TaskSource,
    feeders: readonly FeederTopic[] | undefined,
    marks: BufferMarks,
    suspects: Suspects,
    nowMs: number,
  ) {
    this.time = new InputTime(feeders ?? null);
    this.repartitioned = feeders !== undefined;
    this.activeMs = nowMs;
    this.#suspects = suspects;
    this.topic = source.topic;
    this.partition = source.partition;
    this.buffer = new PartitionBuffer(marks);
    this.log = source.topicId ?? null;
    this.logNumber = logNumber(this.log);
    if (this.isAnother(parseNote(source.metadata).log ?? source.read?.log))
      this.madeAnewAfter = source.committed ?? source.read?.position ?? 0n;
    const position = this.madeAnewAfter === null ? source.position : 0n;
    this.tracker = new OffsetTracker(position);
    if (this.madeAnewAfter === null) {
      this.state = parseNote(source.metadata).state;
      this.tombstones = this.committedTombstones = source.read?.tombstones ?? 0;
    }
    this.#committed = source.committed;
    this.#committedMetadata = source.metadata;
    this.#committedPass = parsePass(source.metadata);
    this.end = position;
    this.#expected = position;
  }

  /** Whether the topic is another than the one of this id, under the same name. */
  isAnother(id: string | null | undefined): boolean {
    return id !== null && id !== undefined && this.log !== null && id !== this.log;
  }

  /** What the group has, as far as confirmed; null: nothing yet. */
  get committed(): bigint | null {
    return this.#committed;
  }

  /** Every offset that the group may have. */
  get possiblyCommitted(): readonly bigint[] {
    return this.#committed === null ? this.#attempted : [this.#committed, ...this.#attempted];
  }

  /** What a commit has to say now; null: the group has it. */
  commitDue(): OffsetCommit | null {
    const { topic, partition } = this;
    const offset = this.tracker.position;
    const { pass, log, state, time } = this;
    const metadata = noteText({ pass, log, state, timeMs: time.timeMs });
    if (offset === this.#committed && metadata === this.#committedMetadata) return null;
    this.#dueTombstones = this.tombstones;
    return { topic, partition, offset, ...(metadata === undefined ? undefined : { metadata }) };
  }

  /** The group knows the pass: whoever comes after a crash goes on with it. Nothing may be repartitioned before. */
  get passKnown(): boolean {
    const known = this.#committedPass;
    return this.pass === null || (known?.number === this.pass.number && known.steps === this.pass.steps);
  }

  committing(offset: bigint): void {
    if (this.#attempted.at(-1) !== offset) this.#attempted = [...this.#attempted.slice(1 - maxAttempts), offset];
  }

  confirmCommit({ offset, metadata }: OffsetCommit): void {
    this.#committed = offset;
    this.#committedMetadata = metadata;
    this.#committedPass = parsePass(metadata);
    this.committedTombstones = this.#dueTombstones;
    this.#attempted = [];
    this.#suspects.committed(this.topic, this.partition, offset);
  }

  get caughtUp(): boolean {
    return this.buffer.head === undefined && this.tracker.position >= this.end;
  }

  /** Takes a batch; what came before, or lies before the position after a seek, is left out. */
  push(batch: RecordBatch): void {
    if (batch.highWatermark > this.end) this.end = batch.highWatermark;
    if (batch.nextOffset <= this.#expected) return;
    const expected = this.#expected;
    const skip = expected - batch.baseOffset;
    const records = skip > 0n ? batch.records.filter((record) => BigInt(record.delta) >= skip) : batch.records;
    this.#expected = batch.nextOffset;
    this.time.rest(false);
    const wanted = records === batch.records ? batch : { ...batch, records };
    for (const piece of this.#suspects.cut(keepUnreadable(wanted, ({ to }) => to > expected))) this.buffer.push(piece);
  }

  /** Starts over at `position`, with an empty buffer. */
  reset(position: bigint): void {
    this.buffer.clear();
    this.#head = null;
    this.tracker.reset(position);
    this.#expected = position;
    if (this.end < position) this.end = position;
  }

  /** The head's events, decoded when it is first looked at. */
  decoded(
    decode: (batch: RecordBatch) => { readonly events: EventBatch; readonly failures: RecordFailure[] },
  ): { readonly events: EventBatch; readonly row: number } | null {
    const batch = this.buffer.head;
    if (!batch) return null;
    this.#head ??= { ...decode(batch), row: 0, record: 0, tombstones: 0 };
    return this.#head;
  }

  /** Rows before `row` of the head are done; the decode failures passed on the way, in order. */
  finish(row: number): RecordFailure[] {
    const head = this.#head;
    if (!head) return [];
    const batch = head.events.source;
    const done = row >= head.events.length;
    const record = done ? batch.records.length : (head.events.records[row] ?? batch.records.length);
    const position = done ? batch.nextOffset : offsetOf(batch, record);
    this.tracker.finish(this.tracker.position, position);
    this.buffer.drain(record - head.record);
    head.row = row;
    head.record = record;
    this.#passTombstones(head);
    const passed = head.failures.findIndex((failure) => failure.offset >= position);
    const failures = head.failures.splice(0, passed < 0 ? head.failures.length : passed);
    if (done) {
      this.buffer.shift();
      this.#head = null;
    }
    return failures;
  }

  #passTombstones(head: Head): void {
    const { tombstones } = head.events;
    if (tombstones === undefined) return;
    const before = head.tombstones;
    while ((tombstones[head.tombstones] ?? Number.POSITIVE_INFINITY) < head.record) head.tombstones++;
    this.tombstones += head.tombstones - before;
  }

  /** What is left of the head will be decoded again, by another processor. */
  forgetDecoded(): void {
    const head = this.#head;
    this.#head = null;
    if (!head || head.record === 0) return;
    const left = { ...head.events.source, records: head.events.source.records.slice(head.record) };
    const told = this.tracker.position;
    this.buffer.replaceHead(keepUnreadable(left, ({ from }) => from >= told));
  }
}

const offsetOf = (batch: RecordBatch, record: number): bigint =>
  batch.baseOffset + BigInt(batch.records[record]?.delta ?? 0);
