import { StateLost } from '../tables/state-lost.ts';
import { TransportError } from '../transport/transport-error.ts';
import { backoffMs } from './backoff.ts';
import { PartitionsChanged } from './partitions-changed.ts';
import { StopPolicy } from './session.ts';

/** Errors that waiting does not explain, each less than `faultMemoryMs` after the last, before the app is given up. */
const maxFaults = 3;
/** The same of errors at a record that is being found or set aside by them: so many speak of the steps, not of the records. */
const maxFound = 20;
const faultMemoryMs = 300_000;

/** How often an app has been tried without getting on, and whether it is tried again. */
export class Retries {
  #tries = 0;
  #faults = 0;
  #found = 0;
  #lastFaultMs = 0;

  /**
   * How long to wait after this failure before the next try, ms; null: the app is given up. `found`: the next try takes the records it failed at one by
   * one, or sets the one aside. `nowMs`: of the monotonic clock.
   */
  waitAfter(failure: Error, found: boolean, nowMs: number): number | null {
    this.#tries++;
    if (!(failure instanceof TransportError && failure.retriable)) {
      if (nowMs - this.#lastFaultMs >= faultMemoryMs) {
        this.#faults = 0;
        this.#found = 0;
      }
      if (found) this.#found++;
      else this.#faults++;
      this.#lastFaultMs = nowMs;
    }
    const final = [StopPolicy, PartitionsChanged, StateLost].some((kind) => failure instanceof kind);
    const givenUp = final || this.#faults >= maxFaults || this.#found >= maxFound;
    return givenUp ? null : backoffMs(this.#tries);
  }

  /** It gets on: the next failure is the first again. Faults are remembered by their time. */
  succeeded(): void {
    this.#tries = 0;
  }
}
