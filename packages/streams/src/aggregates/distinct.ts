import type { Aggregator } from './aggregator.ts';
import { HyperLogLog } from './hyper-log-log.ts';

/** Exact up to this many values, estimated above. */
const exactMax = 64;

/** How many different values; nested values are told apart by their JSON. Slot: null, then a set of texts, then registers. */
export const distinct: Aggregator = {
  width: 1,
  initial: (slots, at) => {
    slots[at] = null;
  },
  update: (slots, at, value) => {
    // A text stands for itself after a mark, so that '1' and 1 differ, at no cost of JSON for the common case.
    const text = typeof value === 'string' ? `'${value}` : JSON.stringify(value);
    const held = slots[at] as State; // only such are stored
    if (held === null) slots[at] = new Set([text]);
    else if (held instanceof HyperLogLog) held.add(text);
    else if (held.size < exactMax || held.has(text)) held.add(text);
    else slots[at] = toRegisters(held, text);
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
    const written = json as null | string | string[]; // written by toJson
    if (written === null) slots[at] = null;
    else slots[at] = typeof written === 'string' ? new HyperLogLog(written) : new Set(written);
  },
};

type State = null | Set<string> | HyperLogLog;

const toRegisters = (values: Set<string>, next: string): HyperLogLog => {
  const registers = new HyperLogLog();
  for (const value of values) registers.add(value);
  registers.add(next);
  return registers;
};
