import type { TailEntity } from '@millrace/protocol';

/**
 * The counts of one tail, exact since its subscription: `seen = shown + skipped + filtered` whenever they are read. A row that waits to be sent
 * counts as skipped until it is.
 */
export class TailCounts {
  #shown = 0;
  #skipped = 0;
  #filtered = 0;
  #seenAtPause = 0;
  #paused = false;
  readonly #seconds: { readonly atMs: number; readonly seen: number }[] = [];

  get paused(): boolean {
    return this.#paused;
  }

  get #seen(): number {
    return this.#shown + this.#skipped + this.#filtered;
  }

  arrived(matched: number, filtered: number): void {
    this.#skipped += matched;
    this.#filtered += filtered;
  }

  shown(rows: number): void {
    this.#skipped -= rows;
    this.#shown += rows;
  }

  pause(paused: boolean): void {
    if (paused && !this.#paused) this.#seenAtPause = this.#skipped + this.#shown;
    this.#paused = paused;
  }

  /** `perSecond`: of all records seen, over about 2 s. */
  read(nowMs: number): TailEntity {
    this.#seconds.push({ atMs: nowMs, seen: this.#seen });
    while ((this.#seconds[0]?.atMs ?? nowMs) < nowMs - rateMs) this.#seconds.shift();
    const first = this.#seconds[0];
    const tookMs = nowMs - (first?.atMs ?? nowMs);
    return {
      id: 'tail',
      type: 'tail',
      seen: this.#seen,
      shown: this.#shown,
      skipped: this.#skipped,
      filtered: this.#filtered,
      paused: this.#paused,
      newWhilePaused: this.#paused ? this.#skipped + this.#shown - this.#seenAtPause : 0,
      perSecond: tookMs === 0 ? 0 : Math.round(((this.#seen - (first?.seen ?? 0)) * 1000) / tookMs),
    };
  }
}

const rateMs = 2_000;
