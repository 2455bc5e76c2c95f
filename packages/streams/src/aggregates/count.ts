import type { Aggregator } from './aggregator.ts';

/** How many events; with an argument, how many for which it is not null. */
export const count: Aggregator = {
  width: 1,
  initial: (slots, at) => {
    slots[at] = 0;
  },
  update: (slots, at) => {
    slots[at] = (slots[at] as number) + 1; // set by initial
  },
  result: (slots, at) => slots[at],
  toJson: (slots, at) => slots[at],
  fromJson: (slots, at, json) => {
    slots[at] = json;
  },
};
