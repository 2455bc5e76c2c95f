import Big from 'big.js';

/** A decimal has at most this many digits before its point, and at most as many behind it. */
export const maxDecimalDigits = 100;
/** Longer texts are not even read: no decimal in range needs so many characters, unless it is padded with zeros. */
const maxTextLength = 1_000;
/** A quotient that does not end is rounded to this many places behind the point, halves away from zero. */
const quotientPlaces = 20;

/** A constructor of our own: its settings are nobody else's. */
const Exact = Big();
Exact.DP = quotientPlaces;
Exact.RM = Big.roundHalfUp;

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const anyDecimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A number with its digits, where a JavaScript number would not keep them: every value of a `decimal`, and numbers that no model names
 * (`1.10`, `1e400`, 30 digits). Immutable. It remembers how it was written, so that what is only passed on is written the same again.
 *
 * Calculated with only in range, at most 100 digits on either side of the point, so that `1e1000000` cannot eat memory; compared at any size.
 */
export class Decimal {
  /** As it came: a number's text, without quotes. */
  readonly text: string;
  /** It came as a text in quotes, and is written as one. */
  readonly quoted: boolean;
  #value: Big | undefined;

  private constructor(text: string, quoted: boolean, value?: Big) {
    this.text = text;
    this.quoted = quoted;
    this.#value = value;
  }

  /** A decimal in range, from a number's text; undefined for anything else. */
  static read(text: string, quoted = false): Decimal | undefined {
    if (text.length > maxTextLength || !anyDecimal.test(text)) return undefined;
    const decimal = new Decimal(text, quoted);
    return decimal.inRange ? decimal : undefined;
  }

  /** Any JSON number's text, in range or not. */
  static ofLiteral(text: string): Decimal {
    return new Decimal(text, false);
  }

  /** A result; undefined out of range. */
  static of(value: Big): Decimal | undefined {
    return isInRange(value) ? new Decimal(value.toFixed(), false, value) : undefined;
  }

  get value(): Big {
    this.#value ??= new Exact(this.text.startsWith('+') ? this.text.slice(1) : this.text);
    return this.#value;
  }

  get inRange(): boolean {
    return this.text.length <= maxTextLength && isInRange(this.value);
  }

  /** Its text as a JSON number. */
  get literal(): string {
    return jsonNumber.test(this.text) ? this.text : this.value.toFixed();
  }

  /** The same number as one that stands without quotes. */
  get bare(): Decimal {
    return this.quoted ? new Decimal(this.literal, false, this.#value) : this;
  }

  toString(): string {
    return this.text;
  }

  /** As with a bigint, `JSON.stringify` does not know how to write it: `writeJson` does. */
  toJSON(): never {
    throw new TypeError('a decimal is written by writeJson');
  }
}

/** `value` as big.js has it; exact. A double is the number that its shortest text says. */
export const bigOf = (value: number | bigint | Decimal): Big =>
  value instanceof Decimal ? value.value : new Exact(String(value));

/** big.js keeps the digits in `c`, the first of them times ten to the power of `e`. */
const isInRange = ({ c, e }: Big): boolean => e < maxDecimalDigits && c.length - 1 - e <= maxDecimalDigits;
