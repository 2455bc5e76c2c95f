/** The events of the benchmarks: JSON of 100 bytes, keyed by one of 10 000 addresses, a few of which are busy. The same on every run. */

export const eventCount = 1_000_000;
export const eventBytes = 100;
export const partitionCount = 4;
/** Event time spreads over this, ms: ten one-minute windows. */
const spanMs = 600_000;
const startMs = 1_700_000_040_000;

export interface BenchEvent {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly timestampMs: number;
}

/** Events `[from, to)` of `total`. */
export function* events(from: number, to: number, total: number = eventCount): Generator<BenchEvent> {
  for (let i = from; i < to; i++) {
    const chance = mix(i);
    // A tenth of the addresses send half of the events.
    const address = chance % 2 === 0 ? (chance >>> 8) % 1_000 : (chance >>> 8) % 10_000;
    const ip = `10.${address % 7}.${address >>> 7}.${address & 127}`;
    const timestampMs = startMs + Math.floor((i / total) * spanMs);
    const text = `{"ip":"${ip}","user":"user-${address % 997}","ok":${chance % 5 !== 0},"ts":${timestampMs},"note":"`;
    const value = Buffer.from(`${text}${'x'.repeat(eventBytes - 2 - text.length)}"}`);
    yield { key: Buffer.from(ip), value, timestampMs };
  }
}

/** A hash of an index: murmur3's finalizer. */
function mix(index: number): number {
  let h = Math.imul(index ^ (index >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
