import type { Clock } from '../clock.ts';

/** Time that moves only when told to. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #startMs: number;
  #timers: { readonly atMs: number; readonly order: number; readonly callback: () => void }[] = [];
  #order = 0;

  /** Begins at `startMs`, epoch ms. */
  constructor(startMs = 0) {
    this.#nowMs = startMs;
    this.#startMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs - this.#startMs;
  }

  after(delayMs: number, callback: () => void): { cancel(): void } {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** Moves on by `ms`, calling what falls due, in order; `settle` is awaited before, after each callback and at the end, so that all is done at its time. */
  async advance(ms: number, settle: () => Promise<void> = turn): Promise<void> {
    await settle();
    const untilMs = this.#nowMs + ms;
    for (let due = this.#due(untilMs); due; due = this.#due(untilMs)) {
      const timer = due;
      this.#timers = this.#timers.filter((other) => other !== timer);
      this.#nowMs = Math.max(this.#nowMs, timer.atMs);
      timer.callback();
      await settle();
    }
    this.#nowMs = untilMs;
    await settle();
  }

  #due(untilMs: number) {
    return this.#timers
      .filter((timer) => timer.atMs <= untilMs)
      .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
