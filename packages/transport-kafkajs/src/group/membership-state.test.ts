import { expect, test } from 'vitest';
import { type MembershipEvent, type MembershipState, nextState, transitions } from './membership-state.ts';

const states = Object.keys(transitions) as MembershipState[]; // the table is total by its type
const events = Object.keys(transitions.unjoined) as MembershipEvent[]; // each row, too

test('each pair of state and event leads somewhere or is refused, as the table says', () => {
  for (const state of states) {
    for (const event of events) {
      const next = transitions[state][event];
      if (next === null)
        expect(() => nextState(state, event)).toThrow(`a group member that is ${state} cannot take ${event}`);
      else expect(nextState(state, event)).toBe(next);
    }
  }
});

test('what is assigned is handed back before the group is joined again or left', () => {
  for (const state of ['assigning', 'stable', 'revoking'] as const) {
    expect(transitions[state].join).toBeNull();
    expect(transitions[state].stop).toBeNull();
  }
  const life: MembershipEvent[] = [
    'join',
    'join',
    'assignment',
    'assigned',
    'revoke',
    'revoked',
    'join',
    'failure',
    'stop',
  ];
  expect(life.reduce(nextState, 'unjoined')).toBe('stopped');
});
