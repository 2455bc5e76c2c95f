/** All groups: those with members, and those that only have offsets. */
import type { Clock } from '../clock.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { Group, type GroupEnvironment } from './group.ts';
import { type JoinAnswer, type JoinRequest, joinRefused } from './group-requests.ts';
import type { CommittedOffset, OffsetStore, TopicPartition } from './offset-store.ts';
import { subscribedTopics } from './subscription.ts';

export interface GroupLimits {
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  readonly maxGroupSize: number;
  /** Offsets of a group without members are kept this long. */
  readonly offsetsRetentionMs: number;
}

export class GroupCoordinator {
  readonly #groups = new Map<string, Group>();
  readonly #environment: GroupEnvironment;
  readonly #limits: GroupLimits;
  readonly #clock: Clock;
  readonly offsets: OffsetStore;

  constructor(environment: GroupEnvironment, limits: GroupLimits, offsets: OffsetStore) {
    this.#environment = environment;
    this.#limits = limits;
    this.#clock = environment.clock;
    this.offsets = offsets;
    for (const id of offsets.groups()) this.#create(id);
  }

  get(id: string): Group | undefined {
    return this.#groups.get(id);
  }

  all(): Group[] {
    return [...this.#groups.values()];
  }

  /** Throws INVALID_GROUP_ID and INVALID_SESSION_TIMEOUT; other refusals are in the answer. */
  async join(groupId: string, request: JoinRequest): Promise<JoinAnswer> {
    checkGroupId(groupId);
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.#limits;
    if (request.sessionTimeoutMs < minSessionTimeoutMs || request.sessionTimeoutMs > maxSessionTimeoutMs) {
      return joinRefused(ErrorCode.invalidSessionTimeout, request.memberId);
    }
    const group = this.#groups.get(groupId);
    if (group === undefined && request.memberId !== '') return joinRefused(ErrorCode.unknownMemberId, request.memberId);
    if (group?.isFullFor(request, this.#limits.maxGroupSize)) return joinRefused(ErrorCode.groupMaxSizeReached, '');
    return (group ?? this.#create(groupId)).join(request);
  }

  /** Throws what Group.checkCommit refuses; a group that only commits comes to be by its first commit. */
  checkCommit(groupId: string, memberId: string, instanceId: string | null, generationId: number): void {
    checkGroupId(groupId);
    const group = this.#groups.get(groupId);
    if (group === undefined) {
      if (generationId >= 0) throw new KafkaError(ErrorCode.illegalGeneration, 'the group has no such generation');
      this.#create(groupId);
      return;
    }
    const fault = group.checkCommit(memberId, instanceId, generationId);
    if (fault !== ErrorCode.none) throw new KafkaError(fault, 'the commit is refused');
  }

  async delete(groupId: string): Promise<ErrorCode> {
    const group = this.#groups.get(groupId);
    if (group === undefined) return ErrorCode.groupIdNotFound;
    const fault = group.delete();
    if (fault !== ErrorCode.none) return fault;
    this.#groups.delete(groupId);
    await this.offsets.drop(groupId, this.offsets.of(groupId));
    return ErrorCode.none;
  }

  /** The topics that a group with members reads: their offsets can't be deleted. */
  subscribedTopics(group: Group): ReadonlySet<string> {
    return subscribedTopics(group);
  }

  /** Forgets offsets of a deleted topic. */
  async forgetTopic(topic: string): Promise<void> {
    for (const id of this.offsets.groups()) {
      await this.offsets.drop(
        id,
        this.offsets.of(id).filter((one) => one.topic === topic),
      );
    }
  }

  /** Drops offsets whose group has been empty for the retention time, and groups of which nothing is left. */
  async expire(): Promise<void> {
    const beforeMs = this.#clock.now() - this.#limits.offsetsRetentionMs;
    for (const group of this.all()) {
      if (group.state !== 'Empty' || group.emptySinceMs > beforeMs) continue;
      const isExpired = (one: CommittedOffset) => one.committedMs <= beforeMs;
      const expired: TopicPartition[] = this.offsets.of(group.id).filter(isExpired);
      await this.offsets.drop(group.id, expired);
      if (this.offsets.of(group.id).length === 0 && group.delete() === ErrorCode.none) this.#groups.delete(group.id);
    }
  }

  async close(): Promise<void> {
    for (const group of this.#groups.values()) group.close();
    await this.offsets.close();
  }

  #create(id: string): Group {
    const group = new Group(id, this.#environment);
    this.#groups.set(id, group);
    return group;
  }
}

function checkGroupId(groupId: string): void {
  if (groupId === '') throw new KafkaError(ErrorCode.invalidGroupId, 'a group needs a name');
}
