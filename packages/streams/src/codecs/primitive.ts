import {
  Decimal,
  doubleOf,
  isExact,
  longIn,
  maxDecimalDigits,
  maxTimeMs,
  numberOf,
  type Primitive,
} from '@millrace/spec';

/** What a primitive is called in a reason: `ts is not a timestamp`. */
export const nounOf: Readonly<Record<Primitive, string>> = {
  string: 'a text',
  int: 'a whole number of 32 bits',
  long: 'a whole number of 64 bits',
  float: 'a number',
  double: 'a number',
  decimal: 'a decimal',
  boolean: 'true or false',
  timestamp: 'a timestamp',
  date: 'a date',
  bytes: 'base64 text',
  uuid: 'a UUID',
};

const isoTime = /^[+-]?\d{4,6}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/;
const isoDate = /^\d{4}-\d\d-\d\d$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Why a value is none of a primitive's, in words that follow its name. */
export const misfitOf = (kind: Primitive, value: unknown): string => {
  if (isExact(value)) {
    if (kind === 'float' || kind === 'double') return 'is larger than a double can be';
    if (kind === 'decimal') return `has more than ${maxDecimalDigits} digits on a side of its point`;
  }
  return `is not ${nounOf[kind]}`;
};

/** Epoch ms, whole (rounded down), from a number of epoch ms or ISO 8601 text (UTC unless it says otherwise); undefined: neither, or no time that can be. */
export const toTimestamp = (value: unknown): number | undefined => {
  if (isExact(value)) {
    const timeMs = doubleOf(value);
    return Math.abs(timeMs) <= maxTimeMs ? Math.floor(timeMs) : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (isoDate.test(value)) return whole(Date.parse(value));
  if (!isoTime.test(value)) return undefined;
  const text = value.replace(' ', 'T').replace(',', '.');
  return whole(Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`));
};

const whole = (timestampMs: number): number | undefined => (Number.isNaN(timestampMs) ? undefined : timestampMs);

/**
 * The value in memory of a primitive read from JSON; undefined: it is none. In memory: texts, booleans, numbers in their exact forms (SPEC N1),
 * a decimal always as a `Decimal`; a timestamp is epoch ms, a date its ISO text, bytes base64.
 */
export const readPrimitive = (kind: Primitive, value: unknown): unknown => {
  switch (kind) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'int':
      return int32Of(readPrimitive('long', value));
    case 'long':
      if (Number.isSafeInteger(value)) return value;
      return isExact(value) ? longIn(value) : undefined;
    case 'float':
    case 'double':
      return isExact(value) ? finite(doubleOf(value)) : undefined;
    case 'decimal':
      if (typeof value === 'string') return Decimal.read(value, true);
      if (value instanceof Decimal) return value.inRange ? value : undefined;
      return isExact(value) ? Decimal.read(String(value)) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'timestamp':
      return toTimestamp(value);
    case 'date':
      return typeof value === 'string' && isoDate.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
    case 'bytes':
      return typeof value === 'string' && base64.test(value) ? value : undefined;
    case 'uuid':
      return typeof value === 'string' && uuid.test(value) ? value : undefined;
  }
};

/** The same from a text on its own, as the `string` codec writes it: `17`, `true`, `2026-11-22T10:00:00Z`. */
export const readText = (kind: Primitive, text: string): unknown => {
  switch (kind) {
    case 'string':
    case 'date':
    case 'bytes':
    case 'uuid':
      return readPrimitive(kind, text);
    case 'decimal':
      return Decimal.read(text);
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'timestamp':
      return toTimestamp(/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
    default:
      return readPrimitive(kind, numberOf(text));
  }
};

const int32Of = (value: unknown): unknown => (typeof value === 'number' && value === (value | 0) ? value : undefined);

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
