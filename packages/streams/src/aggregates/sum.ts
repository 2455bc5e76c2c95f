import type { Aggregator } from './aggregator.ts';
import { numberFromJson, numberToJson } from './number-state.ts';

/** 0 over nothing. Numbers that are not finite are passed over, so that one bad division does not spoil a window. */
export const sum: Aggregator = {
  width: 1,
  initial: (slots, at) => {
    slots[at] = 0;
  },
  update: (slots, at, value) => {
    if (Number.isFinite(value)) slots[at] = (slots[at] as number) + (value as number); // isFinite holds for numbers only
  },
  result: (slots, at) => slots[at],
  toJson: (slots, at) => numberToJson(slots[at]),
  fromJson: (slots, at, json) => {
    slots[at] = numberFromJson(json);
  },
};
