import type { Aggregator } from './aggregator.ts';
import { isPassedOver } from './number-state.ts';

/** How many events; with an argument, how many for which it is neither null nor a number that is not finite. */
export const count: Aggregator = {
  width: 1,
  initial: (slots, at) => {
    slots[at] = 0;
  },
  update: (slots, at, value) => {
    if (isPassedOver(value)) return;
    slots[at] = (slots[at] as number) + 1; // set by initial
  },
  result: (slots, at) => slots[at],
  toJson: (slots, at) => slots[at],
  fromJson: (slots, at, json) => {
    slots[at] = json;
  },
};
