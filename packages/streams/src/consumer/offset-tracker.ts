import { assert } from '../assert.ts';

/**
 * What of one partition is finished. The commit position is the end of the run of finished offsets that begins at the start:
 * {34, 35, 36, 40, 41} commits 37. Offsets that hold no record (compaction, transaction markers) are finished with the range around them.
 */
export class OffsetTracker {
  #position: bigint;
  /** Finished `[from, to)` beyond the position, disjoint, rising. */
  #ahead: { from: bigint; to: bigint }[] = [];

  constructor(position: bigint) {
    this.#position = position;
  }

  /** The next offset that is not finished: what may be committed. */
  get position(): bigint {
    return this.#position;
  }

  /** Finishes `[from, to)`. What is finished already may be finished again. */
  finish(from: bigint, to: bigint): void {
    assert(from <= to, `finished range [${from}, ${to}) is reversed`);
    if (from <= this.#position) {
      if (to > this.#position) this.#position = to;
    } else {
      this.#ahead.push({ from, to });
      this.#ahead.sort((a, b) => (a.from < b.from ? -1 : 1));
    }
    for (let next = this.#ahead[0]; next && next.from <= this.#position; next = this.#ahead[0]) {
      if (next.to > this.#position) this.#position = next.to;
      this.#ahead.shift();
    }
  }

  /** Starts over at `position`: the log no longer has what came before it. */
  reset(position: bigint): void {
    this.#position = position;
    this.#ahead = [];
  }
}
