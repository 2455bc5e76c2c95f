import { addUp, calculate, type Exact } from '@millrace/spec';
import type { Aggregator } from './aggregator.ts';
import { isSummable, numberFromJson, numberToJson } from './number-state.ts';

/** Slots: sum, count. Null over nothing; of decimals a decimal of 20 places, else a double. Numbers that are not finite are passed over. */
export const avg: Aggregator = {
  width: 2,
  initial: (slots, at) => {
    slots[at] = 0;
    slots[at + 1] = 0;
  },
  update: (slots, at, value) => {
    if (!isSummable(value)) return;
    slots[at] = addUp(slots[at] as Exact, value); // slots are set by initial
    slots[at + 1] = (slots[at + 1] as number) + 1; // as above
  },
  result: (slots, at) =>
    slots[at + 1] === 0 ? null : (calculate('/', slots[at] as Exact, slots[at + 1] as number, 'any') ?? null), // set by initial
  toJson: (slots, at) => [numberToJson(slots[at]), slots[at + 1]],
  fromJson: (slots, at, json, revive) => {
    const [total, n] = json as [unknown, number]; // written by toJson
    slots[at] = numberFromJson(total, revive);
    slots[at + 1] = n;
  },
};
