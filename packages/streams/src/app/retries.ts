import { TransportError } from '../transport/transport-error.ts';
import { backoffMs } from './backoff.ts';
import { StopPolicy } from './session.ts';

/** Errors that waiting does not explain, each less than `faultMemoryMs` after the last, before the app is given up. */
const maxFaults = 3;
const faultMemoryMs = 300_000;

/** How often an app has been tried without getting on, and whether it is tried again. */
export class Retries {
  #tries = 0;
  #faults = 0;
  #lastFaultMs = 0;

  /** How long to wait after this failure before the next try, ms; null: the app is given up. */
  waitAfter(failure: Error, nowMs: number): number | null {
    this.#tries++;
    if (!(failure instanceof TransportError && failure.retriable)) {
      this.#faults = nowMs - this.#lastFaultMs < faultMemoryMs ? this.#faults + 1 : 1;
      this.#lastFaultMs = nowMs;
    }
    return failure instanceof StopPolicy || this.#faults >= maxFaults ? null : backoffMs(this.#tries);
  }

  /** It gets on: the next failure is the first again. Faults are remembered by their time. */
  succeeded(): void {
    this.#tries = 0;
  }
}
