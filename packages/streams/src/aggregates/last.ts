import type { Aggregator } from './aggregator.ts';
import { first } from './first.ts';
import { asState, isPassedOver } from './number-state.ts';

/** Slots: value, its event time. The latest event time wins; of equals, the one processed last. */
export const last: Aggregator = {
  ...first,
  update: (slots, at, value, timestampMs) => {
    if (isPassedOver(value)) return;
    const held = slots[at + 1] as number | null; // only times are stored
    if (held !== null && held > timestampMs) return;
    slots[at] = asState(value);
    slots[at + 1] = timestampMs;
  },
};
