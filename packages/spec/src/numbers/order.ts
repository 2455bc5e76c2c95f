import { bigOf, Decimal } from './decimal.ts';
import { type Exact, isExact } from './exact.ts';

/** Below zero: `a` is less. Exact across numbers, bigints and decimals; NaN is equal to nothing and in order with nothing. */
export function compareNumbers(a: Exact, b: Exact): number {
  if (!(a instanceof Decimal) && !(b instanceof Decimal)) return a < b ? -1 : a > b ? 1 : a >= b ? 0 : Number.NaN;
  if (typeof a === 'number' && !Number.isFinite(a)) return a > 0 ? 1 : a < 0 ? -1 : a;
  if (typeof b === 'number' && !Number.isFinite(b)) return b > 0 ? -1 : b < 0 ? 1 : b;
  return bigOf(a).cmp(bigOf(b));
}

/** Whether two values are the same: numbers by value whatever form they have, everything else by `===`. */
export const isSame = (a: unknown, b: unknown): boolean =>
  a === b ||
  ((a instanceof Decimal || b instanceof Decimal || typeof a !== typeof b) &&
    isExact(a) &&
    isExact(b) &&
    compareNumbers(a, b) === 0);
