import { addUp, type Exact } from '@millrace/spec';
import type { Aggregator } from './aggregator.ts';
import { isSummable, numberFromJson, numberToJson } from './number-state.ts';

/** 0 over nothing. Exact over longs, beyond 64 bits as a decimal, and over decimals. Numbers that are not finite are passed over, so that one bad division does not spoil a window. */
export const sum: Aggregator = {
  width: 1,
  initial: (slots, at) => {
    slots[at] = 0;
  },
  update: (slots, at, value) => {
    const held = slots[at] as Exact; // set by initial
    if (typeof held === 'number' && typeof value === 'number') {
      const added = held + value;
      // The hottest case: nothing was rounded.
      if (Number.isSafeInteger(added)) {
        slots[at] = added;
        return;
      }
    }
    if (isSummable(value)) slots[at] = addUp(held, value);
  },
  result: (slots, at) => slots[at],
  toJson: (slots, at) => numberToJson(slots[at]),
  fromJson: (slots, at, json, revive) => {
    slots[at] = numberFromJson(json, revive);
  },
};
