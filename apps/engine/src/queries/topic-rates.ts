import type { Clock } from '@millrace/streams';

interface Sample {
  readonly atMs: number;
  readonly end: number;
}

/** A rate over less than this would jump. */
const minMs = 1_000;
/** A look longer ago than this says nothing of now. */
const maxMs = 60_000;

/** How fast topics grow, from one look at their end offsets to the next. A topic that nobody looks at costs nothing. */
export class TopicRates {
  readonly #clock: Clock;
  readonly #looks = new Map<string, { readonly from: Sample; readonly perSecond: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes the sum of a topic's end offsets; its growth per second since the look before, 0 at the first. */
  perSecond(topic: string, end: number): number {
    const atMs = this.#clock.monotonic();
    const before = this.#looks.get(topic);
    if (before === undefined || atMs - before.from.atMs > maxMs) {
      this.#looks.set(topic, { from: { atMs, end }, perSecond: 0 });
      return 0;
    }
    const tookMs = atMs - before.from.atMs;
    if (tookMs < minMs) return before.perSecond;
    const perSecond = (Math.max(0, end - before.from.end) * 1000) / tookMs;
    this.#looks.set(topic, { from: { atMs, end }, perSecond });
    return perSecond;
  }
}
