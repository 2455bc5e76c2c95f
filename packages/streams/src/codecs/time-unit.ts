import { Decimal, doubleOf, isExact, isoTime, isTimeMs, maxTimeMs, type TimeUnit } from '@millrace/spec';
import { toTimestamp } from './primitive.ts';

/** Of a unit finer than milliseconds, how many there are in one. */
const perMs = { us: 1_000, ns: 1_000_000 } as const;

export const unitWords: Readonly<Record<TimeUnit, string>> = {
  s: 'seconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  iso: 'ISO 8601 text',
};

/**
 * Epoch ms, whole (rounded down), from what a record has of a timestamp in a unit; undefined: it is none, or no time that can be. Without a unit:
 * a number of ms, or ISO 8601 text.
 */
export const readTime = (value: unknown, unit: TimeUnit | undefined): number | undefined => {
  if (unit === undefined) return toTimestamp(value);
  if (unit === 'iso') return typeof value === 'string' ? toTimestamp(value) : undefined;
  if (!isExact(value)) return undefined;
  const timeMs = unit === 's' ? msOfSeconds(doubleOf(value)) : msOfFiner(value, perMs[unit]);
  return isTimeMs(timeMs) ? timeMs : undefined;
};

/** Fractions of a second are told from their nearest microsecond, up to the year 2255: 1.001 s has no exact double. */
const msOfSeconds = (seconds: number): number =>
  Number.isSafeInteger(seconds) ? seconds * 1_000 : Math.floor(Math.round(seconds * 1e6) / 1e3);

const msOfFiner = (value: number | bigint | Decimal, units: number): number => {
  if (value instanceof Decimal && /^-?\d+$/.test(value.text)) return msOfFiner(BigInt(value.text), units);
  if (typeof value === 'bigint') {
    const rest = ((value % BigInt(units)) + BigInt(units)) % BigInt(units);
    return Number((value - rest) / BigInt(units));
  }
  const whole = Math.floor(doubleOf(value));
  const rest = ((whole % units) + units) % units;
  return (whole - rest) / units;
};

/** What a timestamp is written as. @throws Error for what is no time */
export const writeTime = (timeMs: unknown, unit: TimeUnit): unknown => {
  if (typeof timeMs !== 'number' || !(Math.abs(timeMs) <= maxTimeMs))
    throw new Error(`${String(timeMs)} is no time in ms`);
  switch (unit) {
    case 's':
      return timeMs / 1_000;
    case 'iso':
      return isoTime(timeMs);
    default: {
      const written = BigInt(Math.floor(timeMs)) * BigInt(perMs[unit]);
      return Number.isSafeInteger(Number(written)) ? Number(written) : written;
    }
  }
};
