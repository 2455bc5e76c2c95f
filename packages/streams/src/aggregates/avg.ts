import type { Aggregator } from './aggregator.ts';
import { numberFromJson, numberToJson } from './number-state.ts';

/** Slots: sum, count. Null over nothing; numbers that are not finite are passed over. */
export const avg: Aggregator = {
  width: 2,
  initial: (slots, at) => {
    slots[at] = 0;
    slots[at + 1] = 0;
  },
  update: (slots, at, value) => {
    if (!Number.isFinite(value)) return;
    slots[at] = (slots[at] as number) + (value as number); // isFinite holds for numbers only; slots set by initial
    slots[at + 1] = (slots[at + 1] as number) + 1;
  },
  result: (slots, at) => (slots[at + 1] === 0 ? null : (slots[at] as number) / (slots[at + 1] as number)),
  toJson: (slots, at) => [numberToJson(slots[at]), slots[at + 1]],
  fromJson: (slots, at, json) => {
    const [total, n] = json as [unknown, number]; // written by toJson
    slots[at] = numberFromJson(total);
    slots[at + 1] = n;
  },
};
