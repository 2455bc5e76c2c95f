import { OffsetTracker } from '../consumer/offset-tracker.ts';
import { type BufferMarks, PartitionBuffer } from '../flow-control/partition-buffer.ts';
import { OriginLog } from '../repartition/origin-log.ts';
import { type Pass, passText } from '../repartition/pass.ts';
import type { EventBatch } from '../topology/event-batch.ts';
import type { RecordFailure } from '../topology/topology.ts';
import type { OffsetCommit } from '../transport/group-consumer.ts';
import type { RecordBatch } from '../transport/record.ts';

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
}

/** One source partition of a task: its buffer, the decoded head of it, and what is finished. */
export class TaskInput {
  readonly topic: string;
  readonly partition: number;
  readonly buffer: PartitionBuffer;
  readonly tracker: OffsetTracker;
  /** Which source records a repartition topic has brought. */
  readonly origins = new OriginLog();
  /** Null where the task does not repartition. */
  pass: Pass | null = null;
  #committed: bigint | null;
  #committedMetadata: string | undefined;
  /** Commits that were sent since the last that was confirmed: the group may have them. */
  #attempted: bigint[] = [];
  /** The partition's end, as far as known: it only grows while the log does. */
  end: bigint;
  #expected: bigint;
  #head: Head | null = null;

  constructor(
    source: {
      readonly topic: string;
      readonly partition: number;
      readonly position: bigint;
      readonly committed: bigint | null;
      readonly metadata?: string;
    },
    marks: BufferMarks,
  ) {
    this.topic = source.topic;
    this.partition = source.partition;
    this.buffer = new PartitionBuffer(marks);
    this.tracker = new OffsetTracker(source.position);
    this.#committed = source.committed;
    this.#committedMetadata = source.metadata;
    this.end = source.position;
    this.#expected = source.position;
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
    const metadata = this.pass === null ? undefined : passText(this.pass);
    if (offset === this.#committed && metadata === this.#committedMetadata) return null;
    return { topic, partition, offset, ...(metadata === undefined ? undefined : { metadata }) };
  }

  committing(offset: bigint): void {
    if (this.#attempted.at(-1) !== offset) this.#attempted = [...this.#attempted.slice(1 - maxAttempts), offset];
  }

  confirmCommit({ offset, metadata }: OffsetCommit): void {
    this.#committed = offset;
    this.#committedMetadata = metadata;
    this.#attempted = [];
  }

  get caughtUp(): boolean {
    return this.buffer.head === undefined && this.tracker.position >= this.end;
  }

  /** Takes a batch; what came before, or lies before the position after a seek, is left out. */
  push(batch: RecordBatch): void {
    if (batch.highWatermark > this.end) this.end = batch.highWatermark;
    if (batch.nextOffset <= this.#expected) return;
    const skip = this.#expected - batch.baseOffset;
    const records = skip > 0n ? batch.records.filter((record) => BigInt(record.delta) >= skip) : batch.records;
    this.#expected = batch.nextOffset;
    this.buffer.push(records === batch.records ? batch : { ...batch, records });
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
    this.#head ??= { ...decode(batch), row: 0, record: 0 };
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
    const passed = head.failures.findIndex((failure) => failure.offset >= position);
    const failures = head.failures.splice(0, passed < 0 ? head.failures.length : passed);
    if (done) {
      this.buffer.shift();
      this.#head = null;
    }
    return failures;
  }

  /** What is left of the head will be decoded again, by another processor. */
  forgetDecoded(): void {
    const head = this.#head;
    this.#head = null;
    if (!head || head.record === 0) return;
    this.buffer.replaceHead({ ...head.events.source, records: head.events.source.records.slice(head.record) });
  }
}

const offsetOf = (batch: RecordBatch, record: number): bigint =>
  batch.baseOffset + BigInt(batch.records[record]?.delta ?? 0);
