/** The lifecycle of a member of a group. Partitions are held in `assigning`, `stable` and `revoking`. */
export type MembershipState = 'unjoined' | 'joining' | 'assigning' | 'stable' | 'revoking' | 'stopped';

export type MembershipEvent =
  /** JoinGroup goes out. */
  | 'join'
  /** SyncGroup brought an assignment. */
  | 'assignment'
  /** The owner has taken the assignment over. */
  | 'assigned'
  /** The group rebalances, this member was fenced, or it is to stop. */
  | 'revoke'
  /** The owner has handed its partitions back. */
  | 'revoked'
  /** Joining, or taking the assignment over, failed. */
  | 'failure'
  /** The member has left, for good. */
  | 'stop';

/** Every pair is decided: null is a broken invariant. */
export const transitions: Readonly<Record<MembershipState, Readonly<Record<MembershipEvent, MembershipState | null>>>> =
  {
    unjoined: {
      join: 'joining',
      assignment: null,
      assigned: null,
      revoke: null,
      revoked: null,
      failure: 'unjoined',
      stop: 'stopped',
    },
    joining: {
      join: 'joining',
      assignment: 'assigning',
      assigned: null,
      revoke: null,
      revoked: null,
      failure: 'unjoined',
      stop: 'stopped',
    },
    assigning: {
      join: null,
      assignment: null,
      assigned: 'stable',
      revoke: null,
      revoked: null,
      failure: 'unjoined',
      stop: null,
    },
    stable: {
      join: null,
      assignment: null,
      assigned: null,
      revoke: 'revoking',
      revoked: null,
      failure: null,
      stop: null,
    },
    revoking: {
      join: null,
      assignment: null,
      assigned: null,
      revoke: null,
      revoked: 'unjoined',
      failure: 'unjoined',
      stop: null,
    },
    stopped: {
      join: null,
      assignment: null,
      assigned: null,
      revoke: null,
      revoked: null,
      failure: null,
      stop: 'stopped',
    },
  };

/** The state after an event. Throws when that must not happen. */
export function nextState(state: MembershipState, event: MembershipEvent): MembershipState {
  const next = transitions[state][event];
  if (next === null) throw new Error(`a group member that is ${state} cannot take ${event}`);
  return next;
}
