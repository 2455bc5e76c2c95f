import { writeJson } from '../json/write.ts';
import { calculate } from '../numbers/arithmetic.ts';
import { Decimal } from '../numbers/decimal.ts';
import { doubleOf, type Exact, isExact, longIn, numberOf } from '../numbers/exact.ts';
import { compareNumbers, isSame } from '../numbers/order.ts';
import { down, halfUp, roundTo, up } from '../numbers/rounding.ts';

/** What a parameter takes. `like-first`: what goes with the first argument's type. */
export type ParameterKind =
  | 'text'
  | 'number'
  | 'time'
  | 'any'
  | 'text-or-list'
  | 'countable'
  | 'list'
  | 'like-first'
  | 'ordered'
  | 'pattern';

/** What a function gives. `first`: its first argument's type; `union`: the type that holds all its arguments. */
export type ResultKind =
  | 'string'
  | 'long'
  | 'double'
  | 'decimal'
  | 'boolean'
  | 'timestamp'
  | 'date'
  | 'first'
  | 'union'
  | 'texts';

export interface ExpressionFunction {
  readonly name: string;
  /** As shown by completion: `substring(text, start, end?) → string`. */
  readonly signature: string;
  readonly description: string;
  readonly parameters: readonly ParameterKind[];
  /** How many of `parameters` must be given; all unless said otherwise. */
  readonly required?: number;
  /** The last parameter may come again and again. */
  readonly variadic?: boolean;
  readonly result: ResultKind;
  /** Gives null for some arguments that are not null. */
  readonly mayBeNull?: boolean;
  /** Takes nulls itself. The others give null for a null argument; with a boolean result, false. */
  readonly takesNull?: boolean;
  /** Arguments are of the declared kinds and, unless `takesNull`, not null. */
  readonly run: (...args: readonly never[]) => unknown;
}

const utc = (timeMs: Exact): Date => new Date(doubleOf(timeMs));
const isTime = (timeMs: Exact): boolean => Math.abs(doubleOf(timeMs)) <= 8.64e15;

function define(
  signature: string,
  description: string,
  parameters: readonly ParameterKind[],
  result: ResultKind,
  run: (...args: readonly never[]) => unknown,
  more: Partial<ExpressionFunction> = {},
): ExpressionFunction {
  return { name: signature.slice(0, signature.indexOf('(')), signature, description, parameters, result, run, ...more };
}

/** Every function that an expression can call, in the order the documentation lists them. Pure: no clock, no randomness. */
export const expressionFunctions: readonly ExpressionFunction[] = [
  define('lower(text) → string', 'In small letters.', ['text'], 'string', (text: string) => text.toLowerCase()),
  define('upper(text) → string', 'In capitals.', ['text'], 'string', (text: string) => text.toUpperCase()),
  define('trim(text) → string', 'Without space at its ends.', ['text'], 'string', (text: string) => text.trim()),
  define(
    'contains(text, part) → boolean',
    'Whether a text has a part, or a list an item.',
    ['text-or-list', 'any'],
    'boolean',
    (whole: string | readonly unknown[], part: unknown) =>
      typeof whole === 'string'
        ? typeof part === 'string' && whole.includes(part)
        : whole.some((item) => isSame(item, part)),
  ),
  define(
    'startsWith(text, start) → boolean',
    'Whether a text starts so.',
    ['text', 'text'],
    'boolean',
    (text: string, start: string) => text.startsWith(start),
  ),
  define(
    'endsWith(text, end) → boolean',
    'Whether a text ends so.',
    ['text', 'text'],
    'boolean',
    (text: string, end: string) => text.endsWith(end),
  ),
  define(
    'matches(text, pattern) → boolean',
    'Whether a regular expression is found in a text. The pattern is a literal; ^ and $ bind it to the ends.',
    ['text', 'pattern'],
    'boolean',
    (text: string, finds: (text: string) => boolean) => finds(text),
  ),
  define(
    'length(value) → long',
    'Characters of a text, items of a list, entries of a map.',
    ['countable'],
    'long',
    (value: string | readonly unknown[] | object) =>
      typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys(value).length,
  ),
  define(
    'substring(text, start, end?) → string',
    'The characters [start, end), counted from 0.',
    ['text', 'number', 'number'],
    'string',
    (text: string, start: Exact, end?: Exact) =>
      text.substring(doubleOf(start), end === undefined ? undefined : doubleOf(end)),
    { required: 2 },
  ),
  define(
    'replace(text, part, by) → string',
    'With every occurrence of a part replaced.',
    ['text', 'text', 'text'],
    'string',
    (text: string, part: string, by: string) => text.replaceAll(part, () => by),
  ),
  define(
    'split(text, separator) → list<string>',
    'The parts between separators.',
    ['text', 'text'],
    'texts',
    (text: string, separator: string) => text.split(separator),
  ),
  define(
    'join(list, separator) → string',
    'The items of a list as one text.',
    ['list', 'text'],
    'string',
    (list: readonly unknown[], separator: string) => list.map(asText).join(separator),
  ),
  define(
    'concat(value, …) → string',
    'Values as one text; null is empty.',
    ['any'],
    'string',
    (...values: readonly unknown[]) => values.map(asText).join(''),
    { variadic: true, takesNull: true },
  ),
  define('abs(number) → number', 'Without its sign.', ['number'], 'first', (number: Exact) =>
    compareNumbers(number, 0) < 0 ? (calculate('-', 0, number, 'long') ?? null) : number,
  ),
  define(
    'round(number, digits?) → number',
    'To the nearest whole number, halves up; or to that many decimal places (0 to 15).',
    ['number', 'number'],
    'long',
    (number: Exact, digits?: Exact) => roundTo(number, digits === undefined ? 0 : doubleOf(digits), halfUp),
    { required: 1 },
  ),
  define('floor(number) → long', 'The whole number below.', ['number'], 'long', (number: Exact) =>
    roundTo(number, 0, down),
  ),
  define('ceil(number) → long', 'The whole number above.', ['number'], 'long', (number: Exact) =>
    roundTo(number, 0, up),
  ),
  define(
    'sqrt(number) → double',
    'The square root; null of a negative number.',
    ['number'],
    'double',
    (number: Exact) => (doubleOf(number) < 0 ? null : Math.sqrt(doubleOf(number))),
    { mayBeNull: true },
  ),
  define(
    'min(a, b, …) → a',
    'The least.',
    ['ordered', 'like-first'],
    'union',
    (...values: readonly (Exact | string)[]) => values.reduce((a, b) => (inOrder(b, a) < 0 ? b : a)),
    { variadic: true },
  ),
  define(
    'max(a, b, …) → a',
    'The greatest.',
    ['ordered', 'like-first'],
    'union',
    (...values: readonly (Exact | string)[]) => values.reduce((a, b) => (inOrder(b, a) > 0 ? b : a)),
    { variadic: true },
  ),
  define(
    'number(value) → double',
    'A number from its text, no digit of it lost; null when it is none.',
    ['any'],
    'double',
    (value: unknown) => asNumber(value),
    { mayBeNull: true },
  ),
  define(
    'long(value) → long',
    'A whole number of 64 bits from a text or another number; null when it is none.',
    ['any'],
    'long',
    (value: unknown) => longIn(asNumber(value) ?? Number.NaN) ?? null,
    { mayBeNull: true },
  ),
  define(
    'decimal(value) → decimal',
    'An exact decimal from a text or another number; null when it is none.',
    ['any'],
    'decimal',
    (value: unknown) => asDecimal(value),
    { mayBeNull: true },
  ),
  define('string(value) → string', 'A value as text.', ['any'], 'string', (value: unknown) => asText(value)),
  define(
    'coalesce(a, b, …) → a',
    'The first that is not null.',
    ['any', 'like-first'],
    'union',
    (...values: readonly unknown[]) => values.find((value) => value !== null && value !== undefined) ?? null,
    { variadic: true, takesNull: true },
  ),
  define('year(time) → long', 'The year, UTC.', ['time'], 'long', (timeMs: Exact) => utc(timeMs).getUTCFullYear()),
  define(
    'month(time) → long',
    'The month, 1 to 12, UTC.',
    ['time'],
    'long',
    (timeMs: Exact) => utc(timeMs).getUTCMonth() + 1,
  ),
  define('day(time) → long', 'The day of the month, 1 to 31, UTC.', ['time'], 'long', (timeMs: Exact) =>
    utc(timeMs).getUTCDate(),
  ),
  define(
    'weekday(time) → long',
    'The day of the week, 1 (Monday) to 7, UTC.',
    ['time'],
    'long',
    (timeMs: Exact) => utc(timeMs).getUTCDay() || 7,
  ),
  define('hour(time) → long', 'The hour, 0 to 23, UTC.', ['time'], 'long', (timeMs: Exact) =>
    utc(timeMs).getUTCHours(),
  ),
  define('minute(time) → long', 'The minute, 0 to 59, UTC.', ['time'], 'long', (timeMs: Exact) =>
    utc(timeMs).getUTCMinutes(),
  ),
  define(
    'iso(time) → string',
    'As 2026-11-22T14:30:00.000Z.',
    ['time'],
    'string',
    (timeMs: Exact) => (isTime(timeMs) ? utc(timeMs).toISOString() : null),
    { mayBeNull: true },
  ),
  define(
    'date(time) → date',
    'Its day, as 2026-11-22, UTC.',
    ['time'],
    'date',
    (timeMs: Exact) => (isTime(timeMs) ? utc(timeMs).toISOString().slice(0, 10) : null),
    { mayBeNull: true },
  ),
  define(
    'timestamp(value) → timestamp',
    'From ISO 8601 text or epoch milliseconds; null when it is neither.',
    ['any'],
    'timestamp',
    (value: unknown) => asTime(value),
    { mayBeNull: true },
  ),
];

const byName: ReadonlyMap<string, ExpressionFunction> = new Map(expressionFunctions.map((fn) => [fn.name, fn]));

export const functionNamed = (name: string): ExpressionFunction | undefined => byName.get(name);

/** A value in a text: null is empty, lists and records are JSON, numbers every digit. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' && !(value instanceof Decimal) ? writeJson(value) : String(value);
}

/** Numbers by size, texts by UTF-16 code units. */
function inOrder(a: Exact | string, b: Exact | string): number {
  if (isExact(a) && isExact(b)) return compareNumbers(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function asNumber(value: unknown): Exact | null {
  if (isExact(value)) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' ? (numberOf(value.trim()) ?? null) : null;
}

function asDecimal(value: unknown): Decimal | null {
  if (value instanceof Decimal) return value;
  return isExact(value) || typeof value === 'string' ? (Decimal.read(String(value).trim()) ?? null) : null;
}

const isoPattern = /^[+-]?\d{4,6}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Epoch milliseconds of ISO 8601 text; a text without a zone is UTC. Null for anything else. */
export function asTime(value: unknown): number | null {
  if (isExact(value)) return isTime(value) ? doubleOf(value) : null;
  if (typeof value !== 'string' || !isoPattern.test(value)) return null;
  const zoned = value.length <= 10 || /(Z|[+-]\d{2}:?\d{2})$/.test(value.slice(10)) ? value : `${value}Z`;
  const timeMs = Date.parse(zoned.replace(' ', 'T'));
  return Number.isNaN(timeMs) ? null : timeMs;
}
