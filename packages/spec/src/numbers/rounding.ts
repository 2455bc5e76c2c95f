import Big from 'big.js';
import { bigOf, Decimal } from './decimal.ts';
import { type Exact, longIn } from './exact.ts';

/** A way to round to a whole number: of doubles, and of decimals. */
export interface Rounding {
  readonly ofDouble: (value: number) => number;
  /** At `places` behind the point. */
  readonly ofDecimal: (value: Big, places: number) => Big;
}

/** Halves go up, also below zero: −2.5 becomes −2, as with `Math.round`. */
export const halfUp: Rounding = {
  ofDouble: Math.round,
  ofDecimal: (value, places) => {
    const isNegativeHalf = value.s < 0 && value.minus(value.round(places, Big.roundDown)).abs().eq(half(places));
    return value.round(places, isNegativeHalf ? Big.roundDown : Big.roundHalfUp);
  },
};

export const down: Rounding = {
  ofDouble: Math.floor,
  ofDecimal: (value, places) => value.round(places, value.s < 0 ? Big.roundUp : Big.roundDown),
};

export const up: Rounding = {
  ofDouble: Math.ceil,
  ofDecimal: (value, places) => value.round(places, value.s < 0 ? Big.roundDown : Big.roundUp),
};

const half = (places: number): Big => new Big(`5e${-places - 1}`);

/**
 * To so many places behind the point, 0 to 15: a decimal exactly, a double as near as doubles come. Whole numbers stay as they are. Null: a
 * decimal that cannot be calculated with, or that is no whole number of 64 bits where one is due.
 */
export function roundTo(value: Exact, digits: number, { ofDouble, ofDecimal }: Rounding): Exact | null {
  const places = Math.min(15, Math.max(0, Math.trunc(digits) || 0));
  if (typeof value === 'bigint' || Number.isInteger(value)) return value;
  if (value instanceof Decimal) {
    const rounded = value.inRange ? Decimal.of(ofDecimal(bigOf(value), places)) : undefined;
    return (places === 0 && rounded !== undefined ? longIn(rounded) : rounded) ?? null;
  }
  if (places === 0) return ofDouble(value);
  const factor = 10 ** places;
  return ofDouble(value * factor) / factor;
}
