/**
 * One consumer group: who its members are, which generation they are in, and who is waiting for whom. What a request
 * is answered follows Kafka's GroupCoordinator (the classic protocol); offsets are kept beside it, in OffsetStore.
 *
 * Requests are parked by promises: JoinGroup until everybody has joined, SyncGroup until the leader has assigned.
 */
import type { Clock } from '../clock.ts';
import { ErrorCode } from '../wire/error-code.ts';
import { Generation } from './generation.ts';
import {
  type JoinAnswer,
  type JoinRequest,
  joinRefused,
  noAssignment,
  type SyncAnswer,
  type SyncRequest,
} from './group-requests.ts';
import { type GroupEvent, type GroupState, nextState } from './group-state.ts';
import { commonProtocols, type Member, sameProtocols } from './member.ts';
import { Roster } from './roster.ts';

export interface GroupEnvironment {
  readonly clock: Clock;
  readonly newId: () => string;
  /** How long the first members of an empty group wait for others. */
  readonly initialRebalanceDelayMs: number;
  /** Told in words of generations begun and members lost. */
  readonly log: (message: string) => void;
}

const none = Buffer.alloc(0);

export class Group {
  readonly id: string;
  readonly #environment: GroupEnvironment;
  #state: GroupState = 'Empty';
  readonly #generation = new Generation();
  readonly #roster = new Roster();
  /** An empty group has got its first member, and waits for others to come. */
  #gathering = false;
  #cancelRebalance: () => void = () => {};
  #emptySinceMs: number;

  constructor(id: string, environment: GroupEnvironment) {
    this.id = id;
    this.#environment = environment;
    this.#emptySinceMs = environment.clock.now();
  }

  get state(): GroupState {
    return this.#state;
  }
  get protocolType(): string | null {
    return this.#generation.protocolType;
  }
  get protocolName(): string | null {
    return this.#generation.protocolName;
  }
  get members(): readonly Member[] {
    return this.#roster.members;
  }
  /** When the last member left; meaningful while it is Empty. */
  get emptySinceMs(): number {
    return this.#emptySinceMs;
  }

  /** Whether one more member than `maxSize` would have to be taken in for the request. */
  isFullFor({ memberId, instanceId }: JoinRequest, maxSize: number): boolean {
    return this.#roster.takenPlaces >= maxSize && !this.#roster.hasPlaceFor(memberId, instanceId);
  }

  join(request: JoinRequest): Promise<JoinAnswer> {
    const { memberId, instanceId } = request;
    const refusal = this.#refuseJoin(request);
    if (refusal !== null) return Promise.resolve(joinRefused(refusal, memberId));
    if (memberId === '') return this.#joinWithoutId(request);
    if (this.#roster.endPromise(memberId)) return this.#admit(memberId, request);
    const member = this.#roster.identify(memberId, instanceId);
    return typeof member === 'number' ? Promise.resolve(joinRefused(member, memberId)) : this.#rejoin(member, request);
  }

  sync(request: SyncRequest): Promise<SyncAnswer> {
    const refuse = (error: ErrorCode) => Promise.resolve({ ...noAssignment, error });
    const { memberId, instanceId, generationId, protocolType, protocolName } = request;
    const member = this.#inGeneration(memberId, instanceId, generationId);
    if (typeof member === 'number') return refuse(member);
    if (!this.#generation.agrees(protocolType, protocolName)) return refuse(ErrorCode.inconsistentGroupProtocol);
    if (this.#state === 'PreparingRebalance') return refuse(ErrorCode.rebalanceInProgress);
    this.#keepAlive(member);
    if (this.#state === 'Stable') return Promise.resolve(this.#generation.syncAnswer(member));
    return new Promise((resolve) => {
      member.sync?.({ ...noAssignment, error: ErrorCode.rebalanceInProgress }); // A repeated sync takes the place of the first.
      member.sync = resolve;
      if (this.#generation.isLedBy(member)) this.#assign(request.assignments);
    });
  }

  heartbeat(memberId: string, instanceId: string | null, generationId: number): ErrorCode {
    const member = this.#inGeneration(memberId, instanceId, generationId);
    if (typeof member === 'number') return member;
    this.#keepAlive(member);
    return this.#state === 'PreparingRebalance' ? ErrorCode.rebalanceInProgress : ErrorCode.none;
  }

  /** A static member may name only its instance, its member id left empty. */
  leave(memberId: string, instanceId: string | null): ErrorCode {
    const id = memberId === '' && instanceId !== null ? this.#roster.ofInstance(instanceId)?.id : memberId;
    if (id === undefined) return ErrorCode.unknownMemberId;
    if (this.#roster.endPromise(id)) {
      this.#completeIfAllJoined();
      return ErrorCode.none;
    }
    const member = this.#roster.identify(id, instanceId);
    if (typeof member === 'number') return member;
    this.#drop(member, 'left');
    return ErrorCode.none;
  }

  /**
   * Whether offsets may be committed in this generation. A negative generation is a consumer that assigns itself its
   * partitions, which a group with members does not take. While a rebalance is being prepared commits are taken:
   * that is when members commit what they are about to give up.
   */
  checkCommit(memberId: string, instanceId: string | null, generationId: number): ErrorCode {
    if (generationId < 0 && memberId === '' && instanceId === null) {
      return this.#roster.size === 0 ? ErrorCode.none : ErrorCode.unknownMemberId;
    }
    const member = this.#inGeneration(memberId, instanceId, generationId);
    if (typeof member === 'number') return member;
    if (this.#state === 'CompletingRebalance') return ErrorCode.rebalanceInProgress;
    this.#keepAlive(member);
    return ErrorCode.none;
  }

  /** Ends the group if it is empty: NON_EMPTY_GROUP otherwise. */
  delete(): ErrorCode {
    if (this.#state !== 'Empty') return ErrorCode.nonEmptyGroup;
    this.#roster.endPromises();
    this.#become('deleted');
    return ErrorCode.none;
  }

  /** Stops all timers and lets every parked request go, for a broker that stops. */
  close(): void {
    this.#cancelRebalance();
    this.#roster.endPromises();
    for (const member of this.members) {
      member.cancelSession();
      this.#release(member, ErrorCode.coordinatorNotAvailable);
    }
  }

  #become(event: GroupEvent): void {
    this.#state = nextState(this.#state, event);
  }

  #refuseJoin({ protocolType, protocols, memberId }: JoinRequest): ErrorCode | null {
    if (protocolType === '' || protocols.length === 0) return ErrorCode.inconsistentGroupProtocol;
    const others = this.members.filter((member) => member.id !== memberId);
    if (others.length === 0) return null;
    const common = commonProtocols(others);
    const fits = protocolType === this.#generation.protocolType && protocols.some(({ name }) => common.has(name));
    return fits ? null : ErrorCode.inconsistentGroupProtocol;
  }

  #joinWithoutId(request: JoinRequest): Promise<JoinAnswer> {
    const { instanceId } = request;
    const newId = `${instanceId ?? request.clientId}-${this.#environment.newId()}`;
    const predecessor = instanceId === null ? undefined : this.#roster.ofInstance(instanceId);
    if (predecessor !== undefined) return this.#replaceStatic(predecessor, newId, request);
    if (instanceId !== null || !request.requiresMemberId) return this.#admit(newId, request);
    const cancel = this.#environment.clock.after(request.sessionTimeoutMs, () => {
      this.#roster.endPromise(newId);
      this.#completeIfAllJoined();
    });
    this.#roster.promise(newId, cancel);
    return Promise.resolve(joinRefused(ErrorCode.memberIdRequired, newId));
  }

  #admit(id: string, request: JoinRequest): Promise<JoinAnswer> {
    const { instanceId, clientId, clientHost, rebalanceTimeoutMs, sessionTimeoutMs, protocols } = request;
    const member: Member = {
      id,
      instanceId,
      clientId,
      clientHost,
      rebalanceTimeoutMs,
      sessionTimeoutMs,
      protocols,
      assignment: none,
      join: null,
      sync: null,
      cancelSession: () => {},
    };
    this.#roster.add(member);
    this.#generation.protocolType = request.protocolType;
    return this.#parkJoin(member);
  }

  #rejoin(member: Member, request: JoinRequest): Promise<JoinAnswer> {
    const changed = !sameProtocols(member.protocols, request.protocols);
    const needsRebalance =
      this.#state === 'PreparingRebalance' || changed || (this.#state === 'Stable' && this.#generation.isLedBy(member));
    if (!needsRebalance) {
      // The answer to its join was lost, or a follower asks again: this generation stands.
      this.#keepAlive(member);
      return Promise.resolve(this.#generation.joinAnswer(member, this.members));
    }
    adopt(member, request);
    member.join?.(joinRefused(ErrorCode.rebalanceInProgress, member.id)); // A repeated join takes the place of the first.
    return this.#parkJoin(member);
  }

  /** A static member has come back under a new id: the old id is fenced, and unless its protocols changed nobody else notices. */
  #replaceStatic(old: Member, newId: string, request: JoinRequest): Promise<JoinAnswer> {
    this.#release(old, ErrorCode.fencedInstanceId);
    old.cancelSession();
    this.#roster.remove(old);
    const member: Member = { ...old, id: newId, cancelSession: () => {} };
    this.#roster.add(member);
    const wasLeader = this.#generation.isLedBy(old);
    if (wasLeader) this.#generation.renameLeader(newId);
    const standsAsItWas = this.#state === 'Stable' && sameProtocols(old.protocols, request.protocols);
    adopt(member, request);
    if (!standsAsItWas) return this.#parkJoin(member);
    this.#keepAlive(member);
    const answer = this.#generation.joinAnswer(member, this.members);
    if (!wasLeader) return Promise.resolve(answer);
    if (request.canSkipAssignment) return Promise.resolve({ ...answer, skipAssignment: true });
    // A client of before KIP-814 would take the list of members as a call to assign: it is told that the old id leads.
    return Promise.resolve({ ...answer, leaderId: old.id, members: [] });
  }

  #parkJoin(member: Member): Promise<JoinAnswer> {
    return new Promise((resolve) => {
      member.join = resolve;
      member.cancelSession();
      this.#prepareRebalance();
    });
  }

  /** The member, or why it is none of the present generation. */
  #inGeneration(memberId: string, instanceId: string | null, generationId: number): Member | ErrorCode {
    const member = this.#roster.identify(memberId, instanceId);
    if (typeof member === 'number') return member;
    return generationId === this.#generation.id ? member : ErrorCode.illegalGeneration;
  }

  #prepareRebalance(): void {
    const previous = this.#state;
    if (previous !== 'PreparingRebalance') {
      for (const member of this.members) {
        member.sync?.({ ...noAssignment, error: ErrorCode.rebalanceInProgress });
        member.sync = null;
        if (member.join === null) this.#keepAlive(member);
      }
      this.#become('rebalance-needed');
      this.#gathering = previous === 'Empty';
      this.#awaitJoins(this.#gathering ? this.#environment.initialRebalanceDelayMs : this.#rebalanceTimeoutMs());
    }
    this.#completeIfAllJoined();
  }

  #awaitJoins(timeoutMs: number): void {
    this.#cancelRebalance();
    this.#cancelRebalance = this.#environment.clock.after(timeoutMs, () => {
      if (!this.#gathering) {
        this.#complete();
        return;
      }
      this.#gathering = false;
      this.#awaitJoins(this.#rebalanceTimeoutMs());
      this.#completeIfAllJoined();
    });
  }

  #rebalanceTimeoutMs(): number {
    return Math.max(0, ...this.members.map((member) => member.rebalanceTimeoutMs));
  }

  #completeIfAllJoined(): void {
    if (this.#state !== 'PreparingRebalance' || this.#gathering || this.#roster.hasPromised) return;
    if (this.members.every((member) => member.join !== null)) this.#complete();
  }

  /** Everybody who is there makes the next generation; dynamic members who are not are gone. */
  #complete(): void {
    this.#cancelRebalance();
    for (const member of this.members) {
      if (member.join === null && member.instanceId === null) this.#forget(member);
    }
    this.#generation.begin(this.members);
    if (this.#roster.size === 0) {
      this.#emptySinceMs = this.#environment.clock.now();
      this.#become('nobody-joined');
      this.#environment.log(`group ${this.id} is empty`);
      return;
    }
    this.#become('all-joined');
    this.#environment.log(`group ${this.id}: generation ${this.#generation.id} with ${this.#roster.size} members`);
    for (const member of this.members) {
      const resolve = member.join;
      member.join = null;
      this.#keepAlive(member);
      resolve?.(this.#generation.joinAnswer(member, this.members));
    }
    // Who has joined must sync within the time that a rebalance may take.
    this.#cancelRebalance = this.#environment.clock.after(this.#rebalanceTimeoutMs(), () => this.#dropUnsynced());
  }

  #dropUnsynced(): void {
    if (this.#state !== 'CompletingRebalance') return;
    for (const member of this.members) if (member.sync === null) this.#forget(member);
    this.#prepareRebalance();
  }

  #assign(assignments: ReadonlyMap<string, Buffer>): void {
    this.#cancelRebalance();
    this.#become('assigned');
    for (const member of this.members) {
      member.assignment = Buffer.from(assignments.get(member.id) ?? none);
      const resolve = member.sync;
      member.sync = null;
      resolve?.(this.#generation.syncAnswer(member));
    }
  }

  /** Gives the member another session timeout to be heard of; one whose join is parked needs none. */
  #keepAlive(member: Member): void {
    member.cancelSession();
    member.cancelSession = this.#environment.clock.after(member.sessionTimeoutMs, () => {
      if (member.join === null) this.#drop(member, `was not heard of for ${member.sessionTimeoutMs} ms`);
    });
  }

  #drop(member: Member, reason: string): void {
    this.#environment.log(`group ${this.id}: member ${member.id} ${reason}`);
    this.#forget(member);
    if (this.#state === 'Stable' || this.#state === 'CompletingRebalance') this.#prepareRebalance();
    else this.#completeIfAllJoined();
  }

  #forget(member: Member): void {
    member.cancelSession();
    this.#roster.remove(member);
    this.#release(member, ErrorCode.unknownMemberId);
  }

  #release(member: Member, error: ErrorCode): void {
    member.join?.(joinRefused(error, member.id));
    member.sync?.({ ...noAssignment, error });
    member.join = null;
    member.sync = null;
  }
}

/** Takes over what a member says of itself when it joins again. */
function adopt(member: Member, { protocols, rebalanceTimeoutMs, sessionTimeoutMs }: JoinRequest): void {
  Object.assign(member, { protocols, rebalanceTimeoutMs, sessionTimeoutMs });
}
