import type { Clock } from '../clock.ts';

const everyMs = 1_000;

/** Does something once a second, or less often where it says so itself: the next time so long after the last is done. */
export class Tick {
  readonly #clock: Clock;
  readonly #work: () => Promise<void> | null;
  readonly #restMs: () => number;
  #timer: { cancel(): void } | null = null;
  #closed = false;
  #busy = false;
  #asleep = false;

  /** `work` must neither throw nor reject; null: it is done already. `restMs`: for how long nothing will be to do, as it is when the work is done. */
  constructor(clock: Clock, work: () => Promise<void> | null, restMs: () => number) {
    this.#clock = clock;
    this.#work = work;
    this.#restMs = restMs;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** It rests for longer than a second. */
  get asleep(): boolean {
    return this.#asleep;
  }

  /** Comes a second from now at the latest. */
  start(): void {
    this.#schedule(everyMs);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #schedule(inMs: number): void {
    if (this.#closed) return;
    this.#timer?.cancel();
    this.#asleep = inMs > everyMs;
    this.#timer = this.#clock.after(inMs, () => this.#run());
  }

  #run(): void {
    this.#asleep = false;
    const done = this.#work();
    if (done === null) {
      this.#goOn();
      return;
    }
    this.#busy = true;
    void done.then(() => {
      this.#busy = false;
      this.#goOn();
    });
  }

  #goOn(): void {
    this.#schedule(Math.max(everyMs, this.#restMs()));
  }
}
