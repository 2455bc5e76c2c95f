import type { EventBatch } from '../topology/event-batch.ts';
import type { TopicPartition } from '../transport/record.ts';
import type { InputTime } from './input-time.ts';

/** What a task's time needs of an input. */
export interface TimedInput extends TopicPartition {
  readonly time: InputTime;
  /** Nothing is buffered, and its position is the end that the broker told. */
  readonly caughtUp: boolean;
  /** It is fed by other tasks, which say when they are idle. */
  readonly repartitioned: boolean;
  /** Wall clock when it last had something to do, ms. */
  activeMs: number;
}

/**
 * Event time over a task's inputs: the least over those that are not idle, and where all are, the highest. An input of its own is idle once it has
 * been caught up for the idle timeout; one that others feed, once they all say so. When something comes after all were idle, or the tasks were
 * handed out anew, every source has the idle timeout again to say something: nobody is late because another was faster.
 */
export class TaskTime {
  readonly #inputs: readonly TimedInput[];
  /** Since when every source is waited for, wall clock, ms. */
  #stirredMs = 0;
  #quiet = false;
  #withClock = false;
  /** Where the last activity left stream time: from here the wall clock moves it on. */
  #activeTimeMs = Number.NEGATIVE_INFINITY;

  constructor(inputs: readonly TimedInput[], nowMs: number) {
    this.#inputs = inputs;
    this.stir(nowMs);
  }

  /** Goes on from where stream time was when the task's state was written. */
  restore(streamTimeMs: number): void {
    this.#activeTimeMs = streamTimeMs;
  }

  /** Every input is idle, and nothing is on its way to this task. */
  get quiet(): boolean {
    return this.#quiet;
  }

  /** Stream time goes on with the wall clock. */
  get withClock(): boolean {
    return this.#withClock;
  }

  get #leastMs(): number {
    let leastMs = Number.POSITIVE_INFINITY;
    let highestMs = Number.NEGATIVE_INFINITY;
    for (const { time } of this.#inputs) {
      if (time.timeMs > highestMs) highestMs = time.timeMs;
      if (!time.idle && time.timeMs < leastMs) leastMs = time.timeMs;
    }
    return leastMs === Number.POSITIVE_INFINITY ? highestMs : leastMs;
  }

  /** The input that time waits for. */
  get lowest(): TimedInput | undefined {
    let lowest: TimedInput | undefined;
    for (const input of this.#inputs) {
      if (!input.time.idle && (lowest === undefined || input.time.timeMs < lowest.time.timeMs)) lowest = input;
    }
    return lowest;
  }

  /** Every source is waited for. */
  stir(nowMs: number): void {
    this.#quiet = false;
    this.#withClock = false;
    this.#stirredMs = nowMs;
    for (const input of this.#inputs) {
      input.activeMs = nowMs;
      if (input.repartitioned) input.time.stir();
      else input.time.rest(false);
    }
  }

  /** Goes through rows of an input; see `InputTime.run`. Returns the stream time that the task has then. */
  run(input: TimedInput, events: EventBatch, from: number, to: number, streamTimeMs: number, nowMs: number): number {
    const live = to > from || (events.marks?.some(({ mark }) => !mark.idle) ?? true);
    if (this.#quiet && live) this.stir(nowMs);
    let othersMs = Number.POSITIVE_INFINITY;
    for (const { time } of this.#inputs) {
      if (time !== input.time && !time.idle && time.timeMs < othersMs) othersMs = time.timeMs;
    }
    const timeMs = Math.max(input.time.run(events, from, to, { streamTimeMs, othersMs, nowMs }), this.#leastMs);
    if (live) {
      input.activeMs = nowMs;
      this.#activeTimeMs = timeMs;
    }
    return timeMs;
  }

  /**
   * Looks who is idle, the ends of all inputs just asked for. Returns the stream time that the task has then: once all have been idle for
   * `idleTimeoutMs` it goes on with the wall clock.
   */
  rest(nowMs: number, idleTimeoutMs: number): number {
    // A wall clock that was set back begins the time-outs anew, instead of making them as long as the jump.
    this.#stirredMs = Math.min(this.#stirredMs, nowMs);
    for (const input of this.#inputs) input.activeMs = Math.min(input.activeMs, nowMs);
    const patient = nowMs - this.#stirredMs < idleTimeoutMs;
    for (const input of this.#inputs) {
      if (input.repartitioned) {
        if (!patient) input.time.heed();
      } else {
        if (!input.caughtUp) input.activeMs = nowMs;
        input.time.rest(!patient && nowMs - input.activeMs >= idleTimeoutMs);
      }
    }
    this.#quiet = this.#inputs.every(({ time, caughtUp }) => time.idle && caughtUp);
    this.#activeTimeMs = Math.max(this.#activeTimeMs, this.#leastMs);
    const idleMs = nowMs - Math.max(...this.#inputs.map(({ activeMs }) => activeMs));
    this.#withClock = this.#quiet && idleMs >= idleTimeoutMs;
    return this.#withClock ? this.#activeTimeMs + idleMs : this.#leastMs;
  }
}
