import { isOrigin, sourceOf, unknownLog } from './origin.ts';
import { openPass } from './pass.ts';

/** By source partition: its pass, the highest offset of it that was seen, and of which log. */
export type SeenOrigins = Readonly<Record<string, readonly [pass: number, offset: number, log: number]>>;

interface Seen {
  readonly source: number;
  pass: number;
  offset: number;
  log: number;
}

/**
 * Which source records a partition of a repartition topic has brought so far, to drop what a task upstream repeats after a crash. Each source
 * partition is repartitioned in the order of its offsets, so that its highest tells all. Bounded by the number of source partitions.
 */
export class OriginLog {
  readonly #seen = new Map<number, Seen>();
  #last: Seen | undefined;

  /** Whether this is the first of its origin; then it counts as seen. Without an origin, of an older pass or of another log it always is. */
  take(origin: Buffer | undefined): boolean {
    if (!isOrigin(origin)) return true;
    const source = sourceOf(origin);
    const pass = origin.readUIntBE(6, 6);
    const offset = origin.readUInt32BE(12) * 2 ** 32 + origin.readUInt32BE(16);
    const log = origin.readUInt32BE(20);
    const seen = this.#last?.source === source ? this.#last : this.#seen.get(source);
    if (seen === undefined) {
      this.#last = { source, pass, offset, log };
      this.#seen.set(source, this.#last);
      return true;
    }
    this.#last = seen;
    const another = log !== seen.log && log !== unknownLog && seen.log !== unknownLog;
    const goesOn = !another && (pass === seen.pass || pass === openPass);
    if (goesOn && offset <= seen.offset) return false;
    if (another || goesOn || pass > seen.pass) {
      seen.pass = pass;
      seen.offset = offset;
      seen.log = log;
    }
    return true;
  }

  /** The runs of rows in `[from, to)` that are first of their origin, each half open. */
  takeRuns(origins: readonly (Buffer | undefined)[], from: number, to: number): [from: number, to: number][] {
    const runs: [number, number][] = [];
    let start = from;
    for (let row = from; row < to; row++) {
      if (this.take(origins[row])) continue;
      if (start < row) runs.push([start, row]);
      start = row + 1;
    }
    if (start < to) runs.push([start, to]);
    return runs;
  }

  snapshot(): SeenOrigins {
    return Object.fromEntries(
      [...this.#seen.values()].map(({ source, pass, offset, log }) => [source, [pass, offset, log]]),
    );
  }

  /** Replaces what was seen. */
  restore(origins: SeenOrigins): void {
    this.#last = undefined;
    this.#seen.clear();
    for (const [source, [pass, offset, log]] of Object.entries(origins)) {
      this.#seen.set(Number(source), { source: Number(source), pass, offset, log });
    }
  }
}
