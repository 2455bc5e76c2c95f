import type { FeederTopic } from '@millrace/dataflow';
import { isOrigin, partitionOf, sourceNumber, sourceOf, topicIndexOf } from '../repartition/origin.ts';
import type { EventBatch } from '../topology/event-batch.ts';
import type { Feeder } from './feeder.ts';
import type { TimeMark } from './time-mark.ts';

/** What an input's rows are judged by beside its own time. All ms. */
export interface Surroundings {
  /** The task's stream time so far. */
  readonly streamTimeMs: number;
  /** The least over the task's other inputs that are waited for; Infinity where there is none. */
  readonly othersMs: number;
  /** The wall clock: no event moves time past it. */
  readonly nowMs: number;
}

/**
 * How far one input of a task is in event time: the least over the source partitions that feed it, whose times only rise. A repartition topic is
 * fed by the partitions of its stage's sources, which are known beforehand: one that was never heard of holds time. Any other topic feeds itself.
 * Feeders that have said they are idle are passed over; where all are, the highest time counts.
 */
export class InputTime {
  readonly #feeders = new Map<number, Feeder>();
  /** Null: the input is a source of its own. */
  #topics: readonly FeederTopic[] | null;
  /** Whether idle feeders are passed over now. */
  #heeds = true;
  /** The newest that a mark was of. */
  #generation = Number.NEGATIVE_INFINITY;
  #timeMs = Number.NEGATIVE_INFINITY;
  /** Time never goes back below this. */
  #floorMs = Number.NEGATIVE_INFINITY;
  /** The feeder that time waits for; null: all are passed over. */
  #lowest: Feeder | null = null;
  /** At or below the times of all feeders that are waited for, but the lowest. */
  #nextMs = Number.NEGATIVE_INFINITY;
  /** Of the record before: records of one feeder come in runs. */
  #last: Feeder | undefined;

  constructor(topics: readonly FeederTopic[] | null) {
    this.#topics = topics;
    this.expect(topics);
  }

  /** Event time, ms; −Infinity while some feeder was not heard of. */
  get timeMs(): number {
    return this.#timeMs;
  }

  /** Nobody needs to wait for it. */
  get idle(): boolean {
    return this.#lowest === null;
  }

  /** What time waits for: a topic, or a table, and a partition. Null where it waits for nothing, or the input itself is the source. */
  get waitsFor(): { readonly name: string; readonly partition: number } | null {
    if (this.#lowest === null || this.#topics === null) return null;
    const { source } = this.#lowest;
    const topic = this.#topics[topicIndexOf(source)];
    return topic === undefined ? null : { name: topic.name, partition: partitionOf(source) };
  }

  /** Who feeds it from now on; what is known of those that stay is kept. */
  expect(topics: readonly FeederTopic[] | null): void {
    this.#topics = topics;
    const sources = topics?.flatMap(({ partitions }, index) =>
      Array.from({ length: partitions }, (_, partition) => sourceNumber(index, partition)),
    ) ?? [0];
    const expected = new Set(sources);
    for (const source of this.#feeders.keys()) if (!expected.has(source)) this.#feeders.delete(source);
    for (const source of sources) if (!this.#feeders.has(source)) this.#add(source);
    this.#last = undefined;
    this.#recount();
  }

  /** Waits for every feeder, idle ones too, until `heed`. */
  stir(): void {
    this.#heeds = false;
    this.#recount();
  }

  /** Idle feeders are passed over. */
  heed(): void {
    if (this.#heeds) return;
    this.#heeds = true;
    this.#recount();
  }

  /** Of an input that is a source of its own: whether it has nothing to read. */
  rest(idle: boolean): void {
    const own = this.#topics === null ? this.#feeders.get(0) : undefined;
    if (own === undefined || own.idle === idle) return;
    own.idle = idle;
    this.#recount();
  }

  /**
   * Goes through rows `[from, to)` and the marks among and behind them; writes the task's stream time at each row to `events.streamTimesMs`, and
   * returns it as it is at the end. Each row once, in order.
   */
  run(events: EventBatch, from: number, to: number, surroundings: Surroundings): number {
    if (this.#topics === null) return this.#runOwn(events, from, to, surroundings);
    const { timestampsMs, streamTimesMs, origins, marks } = events;
    const { nowMs } = surroundings;
    const othersMs = surroundings.othersMs;
    let timeMs = surroundings.streamTimeMs;
    // A mark is done with the row that it stands behind: what is decoded again later begins with a row.
    let next = marks === undefined ? 0 : marks.findIndex(({ row }) => (from === 0 ? row >= 0 : row > from));
    if (next < 0) next = marks?.length ?? 0;
    for (let mark = marks?.[next]; mark !== undefined && mark.row <= from; mark = marks?.[++next])
      this.#mark(mark.mark);
    for (let row = from; row < to; row++) {
      const origin = origins?.[row];
      if (isOrigin(origin)) {
        const feeder = this.#feederOf(sourceOf(origin));
        if (feeder.idle) this.#wake(feeder);
        if (feeder.byRecords) {
          const timestampMs = timestampsMs[row] as number; // within length
          this.#raise(feeder, timestampMs <= nowMs ? timestampMs : nowMs);
        }
      }
      const leastMs = this.#timeMs < othersMs ? this.#timeMs : othersMs;
      if (leastMs > timeMs) timeMs = leastMs;
      streamTimesMs[row] = timeMs;
      for (let mark = marks?.[next]; mark !== undefined && mark.row <= row + 1; mark = marks?.[++next])
        this.#mark(mark.mark);
    }
    return timeMs;
  }

  /** It was as far as this before a restart: what its sources have told is forgotten, until they tell it again. */
  restore(timeMs: number): void {
    this.#floorMs = timeMs;
    this.#recount();
  }

  #runOwn(events: EventBatch, from: number, to: number, { streamTimeMs, othersMs, nowMs }: Surroundings): number {
    const { timestampsMs, streamTimesMs } = events;
    let ownMs = this.#timeMs;
    let timeMs = streamTimeMs;
    for (let row = from; row < to; row++) {
      const timestampMs = timestampsMs[row] as number; // within length
      if (timestampMs > ownMs) ownMs = timestampMs <= nowMs ? timestampMs : Math.max(ownMs, nowMs);
      const leastMs = ownMs < othersMs ? ownMs : othersMs;
      if (leastMs > timeMs) timeMs = leastMs;
      streamTimesMs[row] = timeMs;
    }
    this.#feederOf(0).timeMs = ownMs;
    this.#timeMs = ownMs;
    return timeMs;
  }

  #mark({ source, timeMs, idle, generation }: TimeMark): void {
    if (generation > this.#generation) {
      // The sources were handed out anew: whoever is idle says so again.
      this.#generation = generation;
      for (const feeder of this.#feeders.values()) feeder.idle = false;
    }
    const feeder = this.#feederOf(source);
    feeder.idle = idle;
    if (timeMs > feeder.timeMs) feeder.timeMs = timeMs;
    this.#recount();
  }

  #feederOf(source: number): Feeder {
    if (this.#last?.source === source) return this.#last;
    let feeder = this.#feeders.get(source);
    if (feeder === undefined) {
      // Of a partition that was added.
      feeder = this.#add(source);
      this.#recount();
    }
    this.#last = feeder;
    return feeder;
  }

  #add(source: number): Feeder {
    const byRecords = this.#topics === null || this.#topics[topicIndexOf(source)]?.byRecords === true;
    const feeder: Feeder = { source, byRecords, timeMs: Number.NEGATIVE_INFINITY, idle: false };
    this.#feeders.set(source, feeder);
    return feeder;
  }

  #wake(feeder: Feeder): void {
    feeder.idle = false;
    this.#recount();
  }

  #raise(feeder: Feeder, timeMs: number): void {
    if (timeMs <= feeder.timeMs) return;
    feeder.timeMs = timeMs;
    if (feeder !== this.#lowest) return;
    if (timeMs > this.#nextMs) this.#recount();
    else if (timeMs > this.#floorMs) this.#timeMs = timeMs;
  }

  #recount(): void {
    let lowest: Feeder | null = null;
    let leastMs = Number.POSITIVE_INFINITY;
    let nextMs = Number.POSITIVE_INFINITY;
    let highestMs = Number.NEGATIVE_INFINITY;
    for (const feeder of this.#feeders.values()) {
      const { timeMs } = feeder;
      if (timeMs > highestMs) highestMs = timeMs;
      if (feeder.idle && this.#heeds) continue;
      if (lowest === null || timeMs < leastMs) {
        nextMs = leastMs;
        leastMs = timeMs;
        lowest = feeder;
      } else if (timeMs < nextMs) nextMs = timeMs;
    }
    this.#lowest = lowest;
    this.#nextMs = nextMs;
    this.#timeMs = Math.max(this.#floorMs, lowest === null ? highestMs : leastMs);
  }
}
