import type { JoinAnswer, SyncAnswer } from './group-requests.ts';

export interface Protocol {
  readonly name: string;
  readonly metadata: Buffer;
}

/** One member of a group, with the requests of its that are parked. */
export interface Member {
  readonly id: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  /** In the member's order of preference. */
  protocols: readonly Protocol[];
  assignment: Buffer;
  /** Answers its parked JoinGroup; null while none is parked. */
  join: ((answer: JoinAnswer) => void) | null;
  /** Answers its parked SyncGroup; null while none is parked. */
  sync: ((answer: SyncAnswer) => void) | null;
  /** Ends the wait for its next sign of life. */
  cancelSession: () => void;
}

export function sameProtocols(a: readonly Protocol[], b: readonly Protocol[]): boolean {
  return a.length === b.length && a.every((one, i) => one.name === b[i]?.name && one.metadata.equals(b[i].metadata));
}

/** The protocol that all members know and most put first (each votes for the first of its own that all know). */
export function chooseProtocol(members: readonly Member[]): string | null {
  const votes = new Map<string, number>();
  const common = commonProtocols(members);
  for (const member of members) {
    const vote = member.protocols.find(({ name }) => common.has(name));
    if (vote !== undefined) votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1);
  }
  let chosen: string | null = null;
  for (const [name, count] of votes) if (chosen === null || count > (votes.get(chosen) ?? 0)) chosen = name;
  return chosen;
}

export function commonProtocols(members: readonly Member[]): Set<string> {
  const [first, ...rest] = members;
  const names = first?.protocols.map(({ name }) => name) ?? [];
  return new Set(names.filter((name) => rest.every((member) => member.protocols.some((one) => one.name === name))));
}
