import { bigOf, Decimal } from './decimal.ts';
import { doubleOf, type Exact, longIn, longOf } from './exact.ts';

export type Operator = '+' | '-' | '*' | '/' | '%';

/** What the checker knows of two operands: both whole, one of them a double, or neither. */
export type Kind = 'long' | 'double' | 'any';

/**
 * `a operator b`, exactly: `long` with `long` is a `long` up to 64 bits, whatever a `decimal` takes part in is a `decimal`, everything else
 * is a double's arithmetic. `/` is a double's, too, unless a decimal takes part in it: then its quotient has 20 places. `b` is not 0 in a
 * division. Undefined: the result is out of range.
 */
export function calculate(operator: Operator, a: Exact, b: Exact, kind: Kind): Exact | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const result = ofNumbers(operator, a, b);
    // Most of all: nothing was rounded.
    if (Number.isSafeInteger(result)) return result;
    if (kind === 'double' || operator === '/' || !Number.isSafeInteger(a) || !Number.isSafeInteger(b))
      return finite(result);
    return ofLongs(operator, BigInt(a), BigInt(b)) ?? (kind === 'long' ? undefined : result);
  }
  if (a instanceof Decimal || b instanceof Decimal) return ofDecimals(operator, a, b);
  if (operator === '/' || kind === 'double' || !isWhole(a) || !isWhole(b))
    return finite(ofNumbers(operator, doubleOf(a), doubleOf(b)));
  return ofLongs(operator, BigInt(a), BigInt(b));
}

/** What is beyond a double JSON would write as null. */
const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

const isWhole = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isSafeInteger(value);

function ofNumbers(operator: Operator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
  }
}

function ofLongs(operator: Exclude<Operator, '/'>, a: bigint, b: bigint): number | bigint | undefined {
  switch (operator) {
    case '+':
      return longOf(a + b);
    case '-':
      return longOf(a - b);
    case '*':
      return longOf(a * b);
    case '%':
      return longOf(a % b);
  }
}

function ofDecimals(operator: Operator, a: Exact, b: Exact): Decimal | undefined {
  if (!isBounded(a) || !isBounded(b)) return undefined;
  const left = bigOf(a);
  const right = bigOf(b);
  switch (operator) {
    case '+':
      return Decimal.of(left.plus(right));
    case '-':
      return Decimal.of(left.minus(right));
    case '*':
      return Decimal.of(left.times(right));
    case '/':
      return Decimal.of(left.div(right));
    case '%':
      return Decimal.of(left.mod(right));
  }
}

/** Small enough to be calculated with: a double of 1e300 is not. */
const isBounded = (value: Exact): boolean =>
  value instanceof Decimal ? value.inRange : typeof value === 'bigint' || Math.abs(value) < 1e100;

/**
 * A sum that goes on: whole numbers stay exact also beyond 64 bits, where the sum becomes a decimal. Of doubles it is theirs. What no sum
 * can hold (a decimal out of range) makes it a double.
 */
export function addUp(sum: Exact, value: Exact): Exact {
  if (typeof sum === 'number' && typeof value === 'number') {
    const result = sum + value;
    if (Number.isSafeInteger(result) || !Number.isSafeInteger(sum) || !Number.isSafeInteger(value)) return result;
  }
  const result = calculate('+', sum, value, 'long') ?? ofDecimals('+', sum, value);
  if (result === undefined) return doubleOf(sum) + doubleOf(value);
  // A sum of longs that has come back from beyond 64 bits is a long again.
  return value instanceof Decimal ? result : (longIn(result) ?? result);
}
