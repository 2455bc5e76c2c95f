import { compareNumbers, type Exact, isExact } from '@millrace/spec';
import type { Aggregator } from './aggregator.ts';
import { asState, isPassedOver } from './number-state.ts';

/** The first value in an order: numbers by size, texts by code unit. Null over nothing; numbers that are not finite are passed over. */
export const extreme = (before: (a: number | string, b: number | string) => boolean): Aggregator => {
  const precedes = (a: Exact | string, b: Exact | string): boolean => {
    if (typeof a === 'number' && typeof b === 'number') return before(a, b);
    return isExact(a) && isExact(b) ? before(compareNumbers(a, b), 0) : before(String(a), String(b));
  };
  return {
    width: 1,
    initial: (slots, at) => {
      slots[at] = null;
    },
    update: (slots, at, value) => {
      if (isPassedOver(value)) return;
      const best = slots[at] as Exact | string | null; // only such are stored
      const next = value as Exact | string; // the checker lets min and max take nothing else
      if (best === null || precedes(next, best)) slots[at] = asState(next);
    },
    result: (slots, at) => slots[at],
    toJson: (slots, at) => slots[at],
    fromJson: (slots, at, json, revive) => {
      slots[at] = revive === undefined ? json : revive(json);
    },
  };
};
