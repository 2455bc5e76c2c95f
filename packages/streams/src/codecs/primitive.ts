import type { Primitive } from '@millrace/spec';

/** What a primitive is called in a reason: `ts is not a timestamp`. */
export const nounOf: Readonly<Record<Primitive, string>> = {
  string: 'a text',
  int: 'a whole number of 32 bits',
  long: 'a whole number',
  float: 'a number',
  double: 'a number',
  decimal: 'a number',
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
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Epoch ms, whole (rounded down), from a number of epoch ms or ISO 8601 text (UTC unless it says otherwise); undefined: neither. */
export const toTimestamp = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.floor(value) : undefined;
  if (typeof value !== 'string') return undefined;
  if (isoDate.test(value)) return whole(Date.parse(value));
  if (!isoTime.test(value)) return undefined;
  const text = value.replace(' ', 'T').replace(',', '.');
  return whole(Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`));
};

const whole = (timestampMs: number): number | undefined => (Number.isNaN(timestampMs) ? undefined : timestampMs);

/**
 * The value in memory of a primitive read from JSON; undefined: it is none. In memory: texts, numbers, booleans; a timestamp is epoch ms,
 * a date its ISO text, bytes base64, a decimal a number: every value is JSON-safe.
 */
export const readPrimitive = (kind: Primitive, value: unknown): unknown => {
  switch (kind) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'int':
      return Number.isInteger(value) && (value as number) === ((value as number) | 0) ? value : undefined; // an integer is a number
    case 'long':
      return Number.isInteger(value) ? value : undefined;
    case 'float':
    case 'double':
      return typeof value === 'number' ? value : undefined;
    case 'decimal':
      if (typeof value === 'string') return decimal.test(value) ? Number(value) : undefined;
      return typeof value === 'number' ? value : undefined;
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
    case 'decimal':
      return readPrimitive(kind, text);
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'timestamp':
      return toTimestamp(/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
    default:
      return decimal.test(text) ? readPrimitive(kind, Number(text)) : undefined;
  }
};
