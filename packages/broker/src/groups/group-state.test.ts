import { expect, test } from 'vitest';
import { type GroupEvent, type GroupState, nextState, transitions } from './group-state.ts';

// A record's keys, which its type names one by one.
const states = Object.keys(transitions) as GroupState[];
const events = Object.keys(transitions.Empty) as GroupEvent[];

for (const state of states) {
  for (const event of events) {
    const next = transitions[state][event];
    test(`${state} meets ${event}: ${next ?? 'a broken invariant'}`, () => {
      if (next === null) expect(() => nextState(state, event)).toThrow(/broken invariant/);
      else expect(nextState(state, event)).toBe(next);
    });
  }
}

test('every state but Empty is reached from another, and Dead is the end', () => {
  const reached = new Set(states.flatMap((state) => events.map((event) => transitions[state][event])));
  expect(states.filter((state) => !reached.has(state))).toEqual([]);
  expect(Object.values(transitions.Dead).every((next) => next === null)).toBe(true);
});
