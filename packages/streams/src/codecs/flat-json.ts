import { Decimal, type Field, isTimeMs } from '@millrace/spec';
import { CheckCompiler, defaultOf, isRequired } from './check.ts';
import { TextCache } from './text-cache.ts';
import { readTime, writeTime } from './time-unit.ts';

/**
 * Reads the fields that an app uses straight out of the bytes of a flat JSON object, without a parse of the rest: the fast path of decoding.
 *
 * It takes a subset that it verifies whole: one object of ASCII, no escapes, values that are texts, plain numbers, booleans or null, at most
 * one space after `,` and `:`; with every required field there and every checked one of its type. `undefined` for anything else, faults included:
 * the caller then parses, which alone decides what is wrong and says so. What it does return is what parse and check would have (SPEC D8).
 */
export class FlatJsonReader {
  readonly #fields: readonly FlatField[];
  /** The fields in the order of the record before, at their places among all names; undefined: a name of no interest. */
  readonly #expected: (FlatField | undefined)[] = [];
  readonly #template: Readonly<Record<string, unknown>>;
  readonly #found: unknown[];
  readonly #keepsForm: boolean;
  #at = 0;

  private constructor(fields: readonly FlatField[], template: Readonly<Record<string, unknown>>, keepsForm: boolean) {
    this.#fields = fields;
    this.#template = template;
    this.#keepsForm = keepsForm;
    this.#found = fields.map(() => undefined);
  }

  /**
   * Undefined where a field that must be checked is of a type that needs more than a look at its bytes. `keepsForm`: a time with finer digits than
   * milliseconds, and a number that would be written otherwise, are the parser's, which remembers how they were written.
   */
  static for(
    fields: Readonly<Record<string, Field>>,
    used: ReadonlySet<string>,
    keepsForm = false,
  ): FlatJsonReader | undefined {
    const checked = Object.entries(fields).filter(([name, field]) => used.has(name) || isRequired(field));
    const compiler = new CheckCompiler({});
    const flat: FlatField[] = [];
    const template: Record<string, unknown> = {};
    for (const [name, field] of checked) {
      const kind = kindOf(field);
      if (kind === undefined) return undefined;
      const isUsed = used.has(name);
      if (isUsed) template[name] = defaultOf(field, compiler.compile(field.type), name)();
      flat.push({
        index: flat.length,
        name,
        bytes: Buffer.from(`${field.alias ?? name}"`),
        kind,
        required: isRequired(field),
        used: isUsed,
        values: field.type.kind === 'enum' ? new Set(field.type.values) : undefined,
        texts: isUsed || field.type.kind === 'enum' ? new TextCache() : undefined,
      });
    }
    return flat.every(({ bytes }) => bytes.every((byte) => byte >= 0x20 && byte < 0x80 && byte !== backslash))
      ? new FlatJsonReader(flat, template, keepsForm)
      : undefined;
  }

  read(bytes: Buffer): Record<string, unknown> | undefined {
    const fields = this.#fields;
    const found = this.#found;
    for (let i = 0; i < fields.length; i++) found[i] = undefined;
    if (!this.#scan(bytes)) return undefined;
    const value: Record<string, unknown> = { ...this.#template };
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as FlatField; // within length
      const read = found[i];
      if (read === undefined || read === null) {
        if (field.required) return undefined;
      } else if (field.used) {
        value[field.name] = read;
      }
    }
    return value;
  }

  /** Fills `#found`; false: not of the subset. */
  #scan(bytes: Buffer): boolean {
    const end = bytes.length;
    if (end < 2 || bytes[0] !== openBrace || bytes[end - 1] !== closeBrace) return false;
    this.#at = 1;
    for (let nth = 0; ; nth++) {
      if (bytes[this.#at] !== quote) return false;
      this.#at++;
      const field = this.#field(bytes, nth);
      if (this.#at < 0 || bytes[this.#at] !== colon) return false;
      this.#at++;
      if (bytes[this.#at] === space) this.#at++;
      const value = this.#value(bytes, field);
      if (value === undefined) return false;
      if (field !== undefined) this.#found[field.index] = value;
      const next = bytes[this.#at];
      if (next === closeBrace) return this.#at === end - 1;
      if (next !== comma) return false;
      this.#at++;
      if (bytes[this.#at] === space) this.#at++;
    }
  }

  /** Reads a name, from behind its opening quote to behind its closing one; `#at` below zero where it is none of the subset. */
  #field(bytes: Buffer, nth: number): FlatField | undefined {
    const expected = this.#expected[nth];
    if (expected !== undefined && startsWith(bytes, this.#at, expected.bytes)) {
      this.#at += expected.bytes.length;
      return expected;
    }
    const start = this.#at;
    let at = start;
    for (let byte = bytes[at]; byte !== quote; byte = bytes[at]) {
      if (byte === undefined || byte < 0x20 || byte >= 0x80 || byte === backslash) {
        this.#at = -1;
        return undefined;
      }
      at++;
    }
    this.#at = at + 1;
    const field = this.#fields.find(
      (candidate) => candidate.bytes.length === at + 1 - start && startsWith(bytes, start, candidate.bytes),
    );
    if (nth < maxExpected) this.#expected[nth] = field;
    return field;
  }

  /** The value at `#at`, which it moves behind it; undefined where it is none of the subset, or not of the field's type. */
  #value(bytes: Buffer, field: FlatField | undefined): unknown {
    const byte = bytes[this.#at] as number; // beyond the end it is undefined, which equals none of these
    if (byte === quote) return this.#text(bytes, field);
    if (byte === minus || (byte >= zero && byte <= nine)) return this.#number(bytes, field?.kind);
    if (byte === 0x74 && startsWith(bytes, this.#at, trueBytes)) return this.#word(4, true, field);
    if (byte === 0x66 && startsWith(bytes, this.#at, falseBytes)) return this.#word(5, false, field);
    if (byte === 0x6e && startsWith(bytes, this.#at, nullBytes)) return this.#word(4, null, undefined);
    return undefined;
  }

  #word(length: number, value: boolean | null, field: FlatField | undefined): boolean | null | undefined {
    this.#at += length;
    return field === undefined || field.kind === 'boolean' ? value : undefined;
  }

  #text(bytes: Buffer, field: FlatField | undefined): string | undefined {
    const start = this.#at + 1;
    let at = start;
    let hash = 0;
    for (let byte = bytes[at]; byte !== quote; byte = bytes[at]) {
      if (byte === undefined || byte < 0x20 || byte >= 0x80 || byte === backslash) return undefined;
      hash = (Math.imul(hash, 31) + byte) | 0;
      at++;
    }
    this.#at = at + 1;
    if (field === undefined) return '';
    if (field.kind !== 'text') return undefined;
    if (field.texts === undefined) return '';
    const text = field.texts.take(bytes, start, at, hash);
    return field.values === undefined || field.values.has(text) ? text : undefined;
  }

  #number(bytes: Buffer, kind: FlatKind | undefined): number | Decimal | undefined {
    const start = this.#at;
    const negative = bytes[start] === minus;
    const first = negative ? start + 1 : start;
    let at = first;
    let digits = 0;
    let fraction = 0;
    for (let byte = bytes[at] as number; byte >= zero && byte <= nine; byte = bytes[++at] as number)
      digits = digits * 10 + (byte - zero); // beyond the end no comparison holds
    const wholeDigits = at - first;
    if (wholeDigits === 0 || (wholeDigits > 1 && bytes[first] === zero)) return undefined;
    if (bytes[at] === point) {
      const behind = ++at;
      for (let byte = bytes[at] as number; byte >= zero && byte <= nine; byte = bytes[++at] as number)
        digits = digits * 10 + (byte - zero); // as above
      fraction = at - behind;
      if (fraction === 0) return undefined;
    }
    if (fraction === 0 && wholeDigits > 15 && (kind === 'us' || kind === 'ns')) {
      this.#at = at;
      return finerTime(bytes, first, at, kind === 'us' ? 3 : 6, negative, this.#keepsForm);
    }
    // Up to 15 digits and their power of ten are exact, so the one division rounds as a parser must. An exponent fails at the next byte.
    if (wholeDigits + fraction > 15) return undefined;
    this.#at = at;
    const size = fraction === 0 ? digits : digits / (powersOfTen[fraction] as number); // at most 15
    const value = negative ? -size : size;
    switch (kind) {
      case undefined:
        return value;
      case 'number':
        return this.#keepsForm && String(value) !== bytes.toString('latin1', start, at) ? undefined : value;
      case 'int':
        return value === (value | 0) && !(this.#keepsForm && fraction > 0) ? value : undefined;
      case 'long':
        return Number.isInteger(value) && !(this.#keepsForm && fraction > 0) ? value : undefined;
      case 'time':
        return this.#keepsForm && !Number.isInteger(value) ? undefined : Math.floor(value);
      case 's':
      case 'us':
      case 'ns': {
        const timeMs = readTime(value, kind);
        return this.#keepsForm && timeMs !== undefined && writeTime(timeMs, kind) !== value ? undefined : timeMs;
      }
      case 'decimal':
        return Decimal.read(bytes.toString('latin1', start, at));
      default:
        return undefined;
    }
  }
}

type FlatKind = 'text' | 'boolean' | 'number' | 'int' | 'long' | 'decimal' | 'time' | 's' | 'us' | 'ns';

interface FlatField {
  readonly index: number;
  readonly name: string;
  /** Its name in the record, with the closing quote. */
  readonly bytes: Uint8Array;
  readonly kind: FlatKind;
  readonly required: boolean;
  readonly used: boolean;
  /** Of an enum. */
  readonly values: ReadonlySet<string> | undefined;
  /** Absent where the text itself is of no use. */
  readonly texts: TextCache | undefined;
}

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const space = 0x20;
const trueBytes = Buffer.from('true');
const falseBytes = Buffer.from('false');
const nullBytes = Buffer.from('null');
const maxExpected = 256;
const powersOfTen = Array.from({ length: 16 }, (_, power) => 10 ** power);

const startsWith = (bytes: Buffer, at: number, part: Uint8Array): boolean => {
  for (let i = 0; i < part.length; i++) if (bytes[at + i] !== part[i]) return false;
  return true;
};

/** Epoch ms, rounded down, of the whole number at `[from, to)` whose last `places` digits are less than a millisecond; undefined where the parser is to look at it. */
const finerTime = (
  bytes: Buffer,
  from: number,
  to: number,
  places: number,
  negative: boolean,
  keepsForm: boolean,
): number | undefined => {
  const point = to - places;
  if (point - from > 15) return undefined;
  let ms = 0;
  for (let at = from; at < point; at++) ms = ms * 10 + ((bytes[at] as number) - zero); // digits, as just seen
  let isWhole = true;
  for (let at = point; at < to; at++) if (bytes[at] !== zero) isWhole = false;
  if (keepsForm && !isWhole) return undefined;
  const timeMs = negative ? -ms - (isWhole ? 0 : 1) : ms;
  return isTimeMs(timeMs) ? timeMs : undefined;
};

const kindOf = ({ type, min, max, minLength, maxLength, pattern }: Field): FlatKind | undefined => {
  if ([min, max, minLength, maxLength, pattern].some((limit) => limit !== undefined)) return undefined;
  switch (type.kind) {
    case 'string':
    case 'enum':
      return 'text';
    case 'boolean':
      return 'boolean';
    case 'int':
      return 'int';
    case 'long':
      return 'long';
    case 'float':
    case 'double':
      return 'number';
    case 'decimal':
      return 'decimal';
    case 'timestamp':
      // Text, and more digits than a double holds, are the parser's.
      return type.unit === undefined ? 'time' : type.unit === 'iso' ? undefined : type.unit;
    default:
      return undefined;
  }
};
