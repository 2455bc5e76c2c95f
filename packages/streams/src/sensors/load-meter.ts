export type LoadState = 'idle' | 'busy' | 'backpressured';

export interface Load {
  readonly busyMs: number;
  readonly idleMs: number;
  readonly backpressuredMs: number;
}

const windowMs = 5_000;
const slots = 5;

/**
 * How time was spent, in ms per second, as means over 5 s (Flink's figures): `busy` with events at hand, `idle` with none, `backpressured`
 * with events at hand and a full producer. The three add up to 1000. Times are the clock's monotonic ms.
 */
export class LoadMeter {
  #state: LoadState = 'idle';
  #sinceMs: number;
  readonly #startedMs: number;
  /** A second each, the newest last. */
  readonly #seconds: { readonly startMs: number; readonly spent: Record<LoadState, number> }[] = [];

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
    this.#startedMs = nowMs;
  }

  enter(state: LoadState, nowMs: number): void {
    if (state === this.#state) return;
    this.#account(nowMs);
    this.#state = state;
  }

  read(nowMs: number): Load {
    this.#account(nowMs);
    const spent = { idle: 0, busy: 0, backpressured: 0 };
    for (const second of this.#seconds) {
      for (const state of ['idle', 'busy', 'backpressured'] as const) spent[state] += second.spent[state];
    }
    const seconds = (spent.idle + spent.busy + spent.backpressured) / 1_000;
    if (seconds === 0) return { busyMs: 0, idleMs: 1_000, backpressuredMs: 0 };
    return {
      busyMs: spent.busy / seconds,
      idleMs: spent.idle / seconds,
      backpressuredMs: spent.backpressured / seconds,
    };
  }

  /** Books the time since the last booking, second by second; seconds that left the window are forgotten. */
  #account(nowMs: number): void {
    let from = Math.max(this.#sinceMs, nowMs - windowMs);
    // Seconds are counted, not computed from `from`: a sum of fractions may fall just short of the second that it stands for, and never get on.
    for (let second = Math.floor((from - this.#startedMs) / 1_000); from < nowMs; second++) {
      const startMs = this.#startedMs + second * 1_000;
      const to = Math.min(nowMs, startMs + 1_000);
      if (to <= from) continue;
      this.#slot(startMs).spent[this.#state] += to - from;
      from = to;
    }
    this.#sinceMs = nowMs;
    while ((this.#seconds[0]?.startMs ?? nowMs) + windowMs < nowMs || this.#seconds.length > slots + 1)
      this.#seconds.shift();
  }

  #slot(startMs: number) {
    const last = this.#seconds.at(-1);
    if (last?.startMs === startMs) return last;
    const slot = { startMs, spent: { idle: 0, busy: 0, backpressured: 0 } };
    this.#seconds.push(slot);
    return slot;
  }
}
