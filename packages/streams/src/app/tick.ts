import type { Clock } from '../clock.ts';

const everyMs = 1_000;

/** Does something once a second: the next time a second after the last is done. */
export class Tick {
  readonly #clock: Clock;
  readonly #work: () => Promise<void> | null;
  #timer: { cancel(): void } | null = null;
  #closed = false;
  #busy = false;

  /** `work` must neither throw nor reject; null: it is done already. */
  constructor(clock: Clock, work: () => Promise<void> | null) {
    this.#clock = clock;
    this.#work = work;
  }

  get busy(): boolean {
    return this.#busy;
  }

  start(): void {
    if (this.#closed) return;
    this.#timer = this.#clock.after(everyMs, () => this.#run());
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #run(): void {
    const done = this.#work();
    if (done === null) {
      this.start();
      return;
    }
    this.#busy = true;
    void done.then(() => {
      this.#busy = false;
      this.start();
    });
  }
}
