import type { Clock } from '../clock.ts';

const everyMs = 1_000;

/** Does something once a second: the next time a second after the last is done. */
export class Tick {
  readonly #clock: Clock;
  readonly #work: () => Promise<void>;
  #timer: { cancel(): void } | null = null;
  #closed = false;
  #busy = false;

  /** `work` must not reject. */
  constructor(clock: Clock, work: () => Promise<void>) {
    this.#clock = clock;
    this.#work = work;
  }

  get busy(): boolean {
    return this.#busy;
  }

  start(): void {
    if (this.#closed) return;
    this.#timer = this.#clock.after(everyMs, () => void this.#run());
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    await this.#work();
    this.#busy = false;
    this.start();
  }
}
