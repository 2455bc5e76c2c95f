import { canonicalJson, Decimal, type Exact, identityOf, isExact } from '@millrace/spec';
import type { Revive } from '../codecs/revive.ts';

/** A number's place in a state as JSON. JSON has no number for what overflowed to ±∞, nor for the NaN of their sum: these are written as text. */
export const numberToJson = (value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

/** What `numberToJson` was given. */
export const numberFromJson = (json: unknown, revive: Revive | undefined): unknown => {
  if (typeof json === 'string') return Number(json);
  return revive === undefined ? json : revive(json);
};

/** Whether aggregates pass over a value: no state holds a number that is not finite, except for a sum that has overflowed. */
export const isPassedOver = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);

export const isSummable = (value: unknown): value is Exact => isExact(value) && !isPassedOver(value);

/** As a state: JSON knows no −0, and a decimal is a number there, though it came in quotes. */
export const asState = (value: unknown): unknown => {
  if (typeof value !== 'object') return value === 0 ? 0 : value;
  return value instanceof Decimal ? value.bare : value;
};

/** One mark for all values that are equal; of values of different types, different ones. */
export const markOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !(value instanceof Decimal)
    ? `\u0000${canonicalJson(value)}`
    : identityOf(value);
