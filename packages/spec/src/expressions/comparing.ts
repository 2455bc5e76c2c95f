import { identityOf, isExact } from '../numbers/exact.ts';
import { compareNumbers, isSame } from '../numbers/order.ts';
import type { Evaluate } from './evaluation.ts';
import type { Comparison } from './syntax.ts';

type Ordered = (a: number | string, b: number | string) => boolean;

const orders: Readonly<Record<Comparison, Ordered>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Numbers with numbers, texts (by UTF-16 code units) with texts; anything else, null above all, is false. */
export function comparing(operator: Comparison, left: Evaluate, right: Evaluate): Evaluate {
  const order = orders[operator];
  return (key, value, timeMs, headers, window) => {
    const a = left(key, value, timeMs, headers, window);
    const b = right(key, value, timeMs, headers, window);
    if (typeof a === 'number' && typeof b === 'number') return order(a, b);
    if (typeof a === 'string') return typeof b === 'string' && order(a, b);
    return isExact(a) && isExact(b) && order(compareNumbers(a, b), 0);
  };
}

/** `… > 20`: a closure for each operator, so that the comparison itself is inlined. */
export function comparingNumber(operator: Comparison, left: Evaluate, limit: number): Evaluate {
  // Null is no number, and compares as false with none.
  const slow = (a: unknown): boolean => isExact(a) && orders[operator](compareNumbers(a, limit), 0);
  switch (operator) {
    case '<':
      return (key, value, timeMs, headers, window) => {
        const a = left(key, value, timeMs, headers, window);
        return typeof a === 'number' ? a < limit : slow(a);
      };
    case '<=':
      return (key, value, timeMs, headers, window) => {
        const a = left(key, value, timeMs, headers, window);
        return typeof a === 'number' ? a <= limit : slow(a);
      };
    case '>':
      return (key, value, timeMs, headers, window) => {
        const a = left(key, value, timeMs, headers, window);
        return typeof a === 'number' ? a > limit : slow(a);
      };
    case '>=':
      return (key, value, timeMs, headers, window) => {
        const a = left(key, value, timeMs, headers, window);
        return typeof a === 'number' ? a >= limit : slow(a);
      };
  }
}

/** `a == b`, or `a != b`: strict, by value for primitives, and for numbers whatever form they have. */
export function equating(left: Evaluate, right: Evaluate, negated: boolean): Evaluate {
  return (key, value, timeMs, headers, window) => {
    const a = left(key, value, timeMs, headers, window) ?? null;
    const b = right(key, value, timeMs, headers, window) ?? null;
    return isSame(a, b) !== negated;
  };
}

export function equatingConstant(left: Evaluate, constant: unknown, negated: boolean): Evaluate {
  if (constant === null) {
    return (key, value, timeMs, headers, window) => {
      const a = left(key, value, timeMs, headers, window);
      return (a === null || a === undefined) !== negated;
    };
  }
  if (isExact(constant)) {
    return (key, value, timeMs, headers, window) =>
      isSame(left(key, value, timeMs, headers, window), constant) !== negated;
  }
  return (key, value, timeMs, headers, window) => (left(key, value, timeMs, headers, window) === constant) !== negated;
}

/** `x in [a, b]` where all of the list is constant. `constants`: their identities. */
export function oneOfConstants(left: Evaluate, constants: ReadonlySet<unknown>): Evaluate {
  return (key, value, timeMs, headers, window) => {
    const a = left(key, value, timeMs, headers, window);
    return a !== null && a !== undefined && constants.has(identityOf(a));
  };
}

export function inList(left: Evaluate, list: Evaluate): Evaluate {
  return (key, value, timeMs, headers, window) => {
    const a = left(key, value, timeMs, headers, window);
    const items = list(key, value, timeMs, headers, window);
    return a !== null && a !== undefined && Array.isArray(items) && items.some((item) => isSame(item, a));
  };
}
