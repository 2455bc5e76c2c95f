import type { Aggregator } from './aggregator.ts';
import { HyperLogLog } from './hyper-log-log.ts';
import { isPassedOver, markOf } from './number-state.ts';

/** Exact up to this many values, estimated above. */
const exactMax = 64;

/** How many different values: numbers and decimals by value, nested values whatever the order of their fields. Slot: null, then a set of values, then registers. */
export const distinct: Aggregator = {
  width: 1,
  initial: (slots, at) => {
    slots[at] = null;
  },
  update: (slots, at, value) => {
    if (isPassedOver(value)) return;
    const mark = markOf(value);
    const held = slots[at] as State; // only such are stored
    if (held === null) slots[at] = new Set([mark]);
    else if (held instanceof HyperLogLog) held.add(textOf(mark));
    else if (held.size < exactMax || held.has(mark)) held.add(mark);
    else slots[at] = toRegisters(held, mark);
  },
  result: (slots, at) => {
    const held = slots[at] as State; // only such are stored
    if (held === null) return 0;
    return held instanceof HyperLogLog ? held.estimate() : held.size;
  },
  toJson: (slots, at) => {
    const held = slots[at] as State; // only such are stored
    if (held === null) return null;
    return held instanceof HyperLogLog ? held.toBase64() : [...held];
  },
  fromJson: (slots, at, json) => {
    const written = json as null | string | unknown[]; // written by toJson
    if (written === null) slots[at] = null;
    else slots[at] = typeof written === 'string' ? new HyperLogLog(written) : new Set(written);
  },
};

type State = null | Set<unknown> | HyperLogLog;

const toRegisters = (values: Set<unknown>, next: unknown): HyperLogLog => {
  const registers = new HyperLogLog();
  for (const value of values) registers.add(textOf(value));
  registers.add(textOf(next));
  return registers;
};

/** Tells '1' from 1. */
const textOf = (mark: unknown): string => (typeof mark === 'string' ? `'${mark}` : String(mark));
