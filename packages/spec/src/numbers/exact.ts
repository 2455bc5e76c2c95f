import { bigOf, Decimal, maxDecimalDigits } from './decimal.ts';

/**
 * A number in memory. One number has one form, so that Maps and `===` compare by value:
 * - a JavaScript number: a `long` that is a safe integer, a `double`;
 * - a bigint: a `long` beyond, up to 64 bits. Never one that would be safe, nor one of more bits;
 * - a `Decimal`: a `decimal`, and a number whose digits neither of the others keeps. Of several texts of one number, `identityOf` is the same.
 */
export type Exact = number | bigint | Decimal;

export const isExact = (value: unknown): value is Exact =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal;

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;
const integerText = /^-?\d+$/;

/** The form that an integer has in memory; undefined: more than 64 bits. */
export function longOf(value: bigint): number | bigint | undefined {
  if (value < least || value > most) return undefined;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** A JSON number's text, digit by digit: what is read from it is written as the same text. */
export function readNumber(text: string): Exact {
  const number = Number(text);
  if (String(number) === text && (Number.isSafeInteger(number) || !integerText.test(text))) return number;
  if (integerText.test(text) && text.length <= 20) {
    const long = longOf(BigInt(text));
    // −0 is no integer's text.
    if (typeof long === 'bigint') return long;
  }
  return Decimal.ofLiteral(text);
}

const numberText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The value of a number's text, in its simplest form: a double where a decimal would be out of range. Undefined: it is none, or too large. */
export function numberOf(text: string): Exact | undefined {
  const decimal = Decimal.read(text);
  if (decimal !== undefined) return simplest(decimal);
  const number = numberText.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** A number, a bigint where that holds it exactly; the decimal itself where neither does. */
export function simplest(value: Exact): Exact {
  if (!(value instanceof Decimal)) return value;
  const number = Number(value.text);
  // Most decimals are the shortest text of the double that they would be read as.
  if (String(number) === value.text && isPlain(number)) return number;
  if (!Number.isFinite(number) || !value.inRange) return value;
  if (isPlain(number) && bigOf(number).eq(value.value)) return number === 0 ? 0 : number;
  return longIn(value) ?? value;
}

/** No integer beyond the safe ones: as numbers these would be doubles that are rounded to it. */
const isPlain = (number: number): boolean => Number.isSafeInteger(number) || !Number.isInteger(number);

/** A whole number of at most 64 bits, in its form in memory; undefined: it is none. */
export function longIn(value: Exact): number | bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    return Number.isInteger(value) ? longOf(BigInt(value)) : undefined;
  }
  const { c, e } = value.value;
  // 19 digits at most, and none behind the point.
  if (value.text.length > 1_000 || e > 18 || c.length - 1 > e) return undefined;
  return longOf(BigInt(value.value.toFixed(0)));
}

/** As a double, rounded. ±Infinity where it is too large. */
export const doubleOf = (value: Exact): number => (value instanceof Decimal ? Number(value.text) : Number(value));

/** One primitive for all texts of one number: what a Map or a Set finds it by. Everything that is no decimal is its own. */
export function identityOf(value: unknown): unknown {
  if (!(value instanceof Decimal)) return value;
  const simple = simplest(value);
  return simple instanceof Decimal ? `\u0001${canonicalNumber(simple)}` : simple;
}

/** One text for all texts of one number, a JSON number. */
export function canonicalNumber(value: Exact): string {
  const simple = simplest(value);
  if (simple === 0) return '0';
  if (typeof simple === 'bigint' || (typeof simple === 'number' && isPlain(simple))) return String(simple);
  const big = bigOf(simple);
  return big.e < maxDecimalDigits ? big.toFixed() : big.toString();
}
