import type { Aggregator } from './aggregator.ts';
import { isPassedOver, withoutSign } from './number-state.ts';

/** The first value in an order: numbers by size, texts by code unit. Null over nothing; numbers that are not finite are passed over. */
export const extreme = (before: (a: number | string, b: number | string) => boolean): Aggregator => ({
  width: 1,
  initial: (slots, at) => {
    slots[at] = null;
  },
  update: (slots, at, value) => {
    if (isPassedOver(value)) return;
    const best = slots[at] as number | string | null; // only such are stored
    const next = value as number | string; // the checker lets min and max take nothing else
    if (best === null || before(next, best)) slots[at] = withoutSign(next);
  },
  result: (slots, at) => slots[at],
  toJson: (slots, at) => slots[at],
  fromJson: (slots, at, json) => {
    slots[at] = json;
  },
});
