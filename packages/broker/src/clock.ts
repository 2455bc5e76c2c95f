/** Wall time and timers, handed in so that tests own them. Milliseconds throughout. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `task` once after `delayMs` (0 or more); the returned function cancels it and may be called at any time. */
  after(delayMs: number, task: () => void): () => void;
}

/** The longest delay a Node timer can hold; longer ones fire at once. */
const maxTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, Math.min(delayMs, maxTimerMs));
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until it is advanced. */
export class ManualClock implements Clock {
  #nowMs: number;
  #timers: { dueMs: number; task: () => void }[] = [];

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves time on and runs what falls due, in order of due time, timers set by timers included. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      let next: { dueMs: number; task: () => void } | undefined;
      for (const timer of this.#timers) {
        if (timer.dueMs <= untilMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer;
      }
      if (next === undefined) break;
      const due = next;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#nowMs = Math.max(this.#nowMs, due.dueMs);
      due.task();
    }
    this.#nowMs = untilMs;
  }
}
