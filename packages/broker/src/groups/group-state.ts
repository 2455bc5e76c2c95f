/**
 * The life of a consumer group (the classic protocol), as a total table: each state says what every event makes of it,
 * `null` meaning that the event can't happen there. A new state or event does not compile until it is specified.
 */
import { assert } from '../assert.ts';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

export type GroupEvent =
  /** A member joins, leaves, dies or changes its mind: all members must join again. */
  | 'rebalance-needed'
  /** Everybody has joined, or the time for it is over, and somebody is there. */
  | 'all-joined'
  /** The time to join is over and nobody is there. */
  | 'nobody-joined'
  /** The leader has handed in the assignment. */
  | 'assigned'
  /** The group is deleted, or its last offset has expired. */
  | 'deleted';

export const transitions: Readonly<Record<GroupState, Readonly<Record<GroupEvent, GroupState | null>>>> = {
  Empty: {
    'rebalance-needed': 'PreparingRebalance',
    'all-joined': null,
    'nobody-joined': null,
    assigned: null,
    deleted: 'Dead',
  },
  PreparingRebalance: {
    'rebalance-needed': 'PreparingRebalance',
    'all-joined': 'CompletingRebalance',
    'nobody-joined': 'Empty',
    assigned: null,
    deleted: null,
  },
  CompletingRebalance: {
    'rebalance-needed': 'PreparingRebalance',
    'all-joined': null,
    'nobody-joined': null,
    assigned: 'Stable',
    deleted: null,
  },
  Stable: {
    'rebalance-needed': 'PreparingRebalance',
    'all-joined': null,
    'nobody-joined': null,
    assigned: null,
    deleted: null,
  },
  Dead: { 'rebalance-needed': null, 'all-joined': null, 'nobody-joined': null, assigned: null, deleted: null },
};

/** The state that follows; a broken invariant where the table has none. */
export function nextState(state: GroupState, event: GroupEvent): GroupState {
  const next = transitions[state][event];
  assert(next !== null, `a group that is ${state} can't meet ${event}`);
  return next;
}
