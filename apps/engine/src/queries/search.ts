import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '@millrace/streams';

/** A search ends after this long, and says how far it came. */
const maxMs = 2_000;
/** Then other requests, the workers' messages and the live channels have their turn. */
const sliceMs = 8;
/**
 * What one search of a topic may cost: time in all, and at a stretch. It ends when its reader has gone. One search may read
 * several partitions side by side.
 */
export class Search {
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #untilMs: number;
  #sliceUntilMs: number;
  #looked = 0;

  constructor(clock: Clock, signal?: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    const nowMs = clock.monotonic();
    this.#untilMs = nowMs + maxMs;
    this.#sliceUntilMs = nowMs + sliceMs;
  }

  get signal(): AbortSignal | undefined {
    return this.#signal;
  }

  /** Records looked at so far. */
  get looked(): number {
    return this.#looked;
  }

  /** Milliseconds until it has taken as long as it may; 0: it is over. */
  get leftMs(): number {
    return Math.max(0, this.#untilMs - this.#clock.monotonic());
  }

  /** Notes a record that was looked at; true: a turn for others is due (`rest`). */
  look(): boolean {
    this.#looked += 1;
    return this.#clock.monotonic() >= this.#sliceUntilMs;
  }

  /** Lets others have their turn. Throws the signal's reason when the reader has gone. */
  async rest(): Promise<void> {
    await nextTurn();
    this.#signal?.throwIfAborted();
    this.#sliceUntilMs = this.#clock.monotonic() + sliceMs;
  }
}
