import type { Clock } from '@millrace/streams';

const windowMs = 2_000;

/** What this process takes of the machine. */
export class ProcessLoad {
  readonly #clock: Clock;
  #from: { readonly atMs: number; readonly cpu: NodeJS.CpuUsage };
  #cpuPercent = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#from = { atMs: clock.monotonic(), cpu: process.cpuUsage() };
  }

  /** CPU of one core, as a mean over at least 2 s. */
  read(): { readonly cpuPercent: number; readonly heapBytes: number } {
    const tookMs = this.#clock.monotonic() - this.#from.atMs;
    if (tookMs >= windowMs) {
      const { user, system } = process.cpuUsage(this.#from.cpu);
      this.#cpuPercent = Math.round((user + system) / 10 / tookMs);
      this.#from = { atMs: this.#clock.monotonic(), cpu: process.cpuUsage() };
    }
    return { cpuPercent: this.#cpuPercent, heapBytes: process.memoryUsage().heapUsed };
  }
}
