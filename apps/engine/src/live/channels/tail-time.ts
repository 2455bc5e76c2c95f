import type { Clock } from '@millrace/streams';

const spanMs = 100;
/** Of each span, what all tails together may decode and filter for: the rest is for requests and for the workers' messages. */
const maxMsPerSpan = 30;

/** The time that the engine's tails have, all together: a filter that is slow makes its own rows few, and nobody else wait. */
export class TailTime {
  readonly #clock: Clock;
  #spanUntilMs = 0;
  #spentMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Of one batch: whether the time is over now, and the end of what it took. */
  begin(): { readonly over: boolean; end(): void } {
    const clock = this.#clock;
    const startMs = clock.monotonic();
    if (startMs >= this.#spanUntilMs) {
      this.#spanUntilMs = startMs + spanMs;
      this.#spentMs = 0;
    }
    const untilMs = startMs + maxMsPerSpan - this.#spentMs;
    return {
      get over() {
        return clock.monotonic() >= untilMs;
      },
      end: () => {
        this.#spentMs += clock.monotonic() - startMs;
      },
    };
  }
}
