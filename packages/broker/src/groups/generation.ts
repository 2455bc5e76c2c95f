/** What the members of a group have agreed on: the number of their generation, its protocol, and who of them leads. */
import { must } from '../assert.ts';
import { ErrorCode } from '../wire/error-code.ts';
import type { JoinAnswer, SyncAnswer } from './group-requests.ts';
import { chooseProtocol, type Member } from './member.ts';

const none = Buffer.alloc(0);

export class Generation {
  #id = 0;
  /** Set by whoever joins; null before anybody did. */
  protocolType: string | null = null;
  #protocolName: string | null = null;
  #leaderId: string | null = null;

  get id(): number {
    return this.#id;
  }
  get protocolName(): string | null {
    return this.#protocolName;
  }

  isLedBy(member: Member): boolean {
    return member.id === this.#leaderId;
  }

  /** Whether what a member takes the protocol for is what it is; null says nothing. */
  agrees(protocolType: string | null, protocolName: string | null): boolean {
    return (
      (protocolType === null || protocolType === this.protocolType) &&
      (protocolName === null || protocolName === this.#protocolName)
    );
  }

  /** Another generation, of `members`: its leader stays if it has joined again. Nobody leads a group of none. */
  begin(members: readonly Member[]): void {
    this.#id += 1;
    this.#protocolName = members.length === 0 ? null : chooseProtocol(members);
    const joined = members.filter((member) => member.join !== null);
    const leader = joined.find((member) => this.isLedBy(member)) ?? joined[0] ?? members[0];
    this.#leaderId = leader?.id ?? null;
  }

  /** A static member has come back under another id. */
  renameLeader(id: string): void {
    this.#leaderId = id;
  }

  /** The leader is told of all members, so that it can assign; the others only of the leader. */
  joinAnswer(member: Member, members: readonly Member[]): JoinAnswer {
    return {
      error: ErrorCode.none,
      memberId: member.id,
      generationId: this.#id,
      protocolType: this.protocolType,
      protocolName: this.#protocolName,
      leaderId: must(this.#leaderId, 'a generation has a leader'),
      skipAssignment: false,
      members: this.isLedBy(member) ? members.map((one) => this.#described(one)) : [],
    };
  }

  syncAnswer({ assignment }: Member): SyncAnswer {
    return { error: ErrorCode.none, protocolType: this.protocolType, protocolName: this.#protocolName, assignment };
  }

  #described({ id, instanceId, protocols }: Member) {
    const metadata = protocols.find(({ name }) => name === this.#protocolName)?.metadata ?? none;
    return { memberId: id, instanceId, metadata };
  }
}
