import { assert } from '../assert.ts';
import type { RecordBatch } from '../transport/record.ts';

export interface BufferMarks {
  /** Above this many records the partition is paused. */
  readonly highRecords: number;
  /** At this many or fewer it is resumed. */
  readonly lowRecords: number;
}

export const bufferMarks = (maxRecords: number, resumeRatio: number): BufferMarks => ({
  highRecords: maxRecords,
  lowRecords: Math.floor(maxRecords * resumeRatio),
});

/**
 * The fetched batches of one partition that wait for their task. Bounded: above the high mark its partition is paused; what was in flight
 * is still taken, so it overshoots by at most one fetch.
 */
export class PartitionBuffer {
  #marks: BufferMarks;
  #batches: RecordBatch[] = [];
  #records = 0;
  #held = false;

  constructor(marks: BufferMarks) {
    this.#marks = marks;
  }

  /** Records that wait. */
  get records(): number {
    return this.#records;
  }

  get marks(): BufferMarks {
    return this.#marks;
  }

  set marks(marks: BufferMarks) {
    this.#marks = marks;
  }

  /** True from the moment it went above its high mark until it has drained to its low one. */
  get held(): boolean {
    this.#held = this.#held ? this.#records > this.#marks.lowRecords : this.#records > this.#marks.highRecords;
    return this.#held;
  }

  get head(): RecordBatch | undefined {
    return this.#batches[0];
  }

  push(batch: RecordBatch): void {
    this.#batches.push(batch);
    this.#records += batch.records.length;
  }

  /** `count` records of the head are done: they no longer fill the buffer. */
  drain(count: number): void {
    this.#records -= count;
    assert(this.#records >= 0, 'a buffer holds fewer than no records');
  }

  /** The head is done; its records must have been drained. */
  shift(): void {
    this.#batches.shift();
  }

  /** Puts what is left of the head in its place. */
  replaceHead(batch: RecordBatch): void {
    this.#batches[0] = batch;
  }

  clear(): void {
    this.#batches = [];
    this.#records = 0;
  }
}
