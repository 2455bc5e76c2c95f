import { countWhile } from './count-while.ts';

/** Bytes of log between two entries: a lookup scans at most this much, and a gigabyte takes 65 536 entries. */
const intervalBytes = 16 * 1024;

/**
 * The sparse index of one segment. An entry says that a batch with this base offset begins at this position, and
 * what the highest timestamp of all batches before it is. All three only grow, so lookups are binary searches.
 */
export class OffsetIndex {
  readonly #offsetDeltas: number[];
  readonly #positions: number[];
  readonly #timestampsBefore: number[];

  constructor(image: OffsetIndexImage = { offsetDeltas: [], positions: [], timestampsBefore: [] }) {
    this.#offsetDeltas = [...image.offsetDeltas];
    this.#positions = [...image.positions];
    this.#timestampsBefore = [...image.timestampsBefore];
  }

  /** Told of every batch in order; keeps one for each interval. */
  note(offsetDelta: number, position: number, timestampBeforeMs: number): void {
    const last = this.#positions.at(-1);
    if (last !== undefined && position - last < intervalBytes) return;
    this.#offsetDeltas.push(offsetDelta);
    this.#positions.push(position);
    this.#timestampsBefore.push(timestampBeforeMs);
  }

  /** A position at or before the batch that holds `offsetDelta`, and at most an interval before it. */
  positionOf(offsetDelta: number): number {
    const at = countWhile(this.#offsetDeltas, (delta) => delta <= offsetDelta) - 1;
    return this.#positions[at] ?? 0;
  }

  /** A position at or before the first batch that has a record of `timestampMs` or later. */
  positionOfTime(timestampMs: number): number {
    const at = countWhile(this.#timestampsBefore, (before) => before < timestampMs) - 1;
    return this.#positions[at] ?? 0;
  }

  image(): OffsetIndexImage {
    return {
      offsetDeltas: this.#offsetDeltas,
      positions: this.#positions,
      timestampsBefore: this.#timestampsBefore,
    };
  }
}

export interface OffsetIndexImage {
  readonly offsetDeltas: readonly number[];
  readonly positions: readonly number[];
  readonly timestampsBefore: readonly number[];
}
