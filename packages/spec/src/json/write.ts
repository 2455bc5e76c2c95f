import { Decimal } from '../numbers/decimal.ts';
import { canonicalNumber } from '../numbers/exact.ts';
import { maxJsonDepth } from './parse.ts';

/**
 * A value as JSON text, every digit of its numbers included. As `JSON.stringify`, which it hands over to until a bigint or a decimal turns
 * up; of `undefined` it is null.
 * @param indent spaces a level; 0: in one line
 * @throws RangeError for a value that is nested too deeply
 */
export function writeJson(value: unknown, indent = 0): string {
  return isPlain(value, 0)
    ? (JSON.stringify(value, null, indent) ?? 'null')
    : written(value, '', ' '.repeat(indent), 0);
}

/** Without a bigint or a decimal, which JSON.stringify throws at: a look is a tenth of what that costs. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
  if (value instanceof Decimal) return false;
  if (depth >= maxJsonDepth) throw new RangeError(`nested deeper than ${maxJsonDepth}`);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isPlain(value[i], depth + 1)) return false;
    return true;
  }
  for (const name in value) {
    if (!isPlain((value as Readonly<Record<string, unknown>>)[name], depth + 1)) return false; // an object, by the first line
  }
  return true;
}

function written(value: unknown, margin: string, step: string, depth: number): string {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Decimal) return value.quoted ? JSON.stringify(value.text) : value.literal;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (depth >= maxJsonDepth) throw new RangeError(`nested deeper than ${maxJsonDepth}`);
  const inner = margin + step;
  const isList = Array.isArray(value);
  const parts: string[] = [];
  if (isList) for (const item of value) parts.push(written(item, inner, step, depth + 1));
  else
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      parts.push(`${JSON.stringify(name)}:${step === '' ? '' : ' '}${written(field, inner, step, depth + 1)}`);
    }
  const [open, close] = isList ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  return step === ''
    ? `${open}${parts.join(',')}${close}`
    : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`;
}

/**
 * The one text of all values that are equal: fields sorted by code unit, at every depth; a number one text, quoted decimals included. What
 * composed keys are compared by, and how they are written.
 * @throws RangeError for a value that is nested too deeply
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? canonicalNumber(value) : 'null';
  if (typeof value === 'bigint' || value instanceof Decimal) return canonicalNumber(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (depth >= maxJsonDepth) throw new RangeError(`nested deeper than ${maxJsonDepth}`);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>; // an object, as just seen
  const parts = Object.keys(fields)
    .sort()
    .filter((name) => fields[name] !== undefined)
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(fields[name], depth + 1)}`);
  return `{${parts.join(',')}}`;
}
