/** A number in [0, 1). */
export type Random = () => number;

/** Mulberry32: small, fast, good enough for sample data. The same seed gives the same numbers. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An integer in [0, below). */
export const integer = (random: Random, below: number): number => Math.floor(random() * below);

/** One of a list that is not empty. */
export function pick<T>(random: Random, values: readonly [T, ...T[]]): T {
  return values[integer(random, values.length)] ?? values[0];
}

/** Normally distributed (Box–Muller). */
export function normal(random: Random, mean: number, deviation: number): number {
  return mean + deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
