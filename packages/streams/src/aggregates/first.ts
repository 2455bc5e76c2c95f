import type { Aggregator } from './aggregator.ts';
import { asState, isPassedOver } from './number-state.ts';

/** Slots: value, its event time. The earliest event time wins; of equals, the one processed first. */
export const first: Aggregator = {
  width: 2,
  initial: (slots, at) => {
    slots[at] = null;
    slots[at + 1] = null;
  },
  update: (slots, at, value, timestampMs) => {
    if (isPassedOver(value)) return;
    const held = slots[at + 1] as number | null; // only times are stored
    if (held !== null && held <= timestampMs) return;
    slots[at] = asState(value);
    slots[at + 1] = timestampMs;
  },
  result: (slots, at) => slots[at],
  toJson: (slots, at) => [slots[at], slots[at + 1]],
  fromJson: (slots, at, json, revive) => {
    const [value, timestampMs] = json as [unknown, number | null]; // written by toJson
    slots[at] = revive === undefined || value === null ? value : revive(value);
    slots[at + 1] = timestampMs;
  },
};
