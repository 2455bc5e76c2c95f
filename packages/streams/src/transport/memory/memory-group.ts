import type { Clock } from '../../clock.ts';
import {
  type AssignedMember,
  assignCopartitioned,
  type PartitionsByTopic,
} from '../../consumer/copartition-assignor.ts';
import { mergeGroups } from '../../consumer/topic-groups.ts';
import type { OffsetCommit } from '../group-consumer.ts';
import { partitionId } from '../record.ts';
import { TransportError } from '../transport-error.ts';

export interface GroupMember extends AssignedMember {
  readonly copartitioned: readonly (readonly string[])[];
  readonly rebalanceTimeoutMs: number;
  /** The group is being divided anew (or this member was put out of it): come back through `join`. */
  disturbed(): void;
}

export interface GroupAssignment {
  readonly generation: number;
  readonly partitions: PartitionsByTopic;
}

interface Joined {
  readonly member: GroupMember;
  /** Set while it waits for the others. */
  waiting: { resolve(assignment: GroupAssignment): void } | null;
}

/** A consumer group's coordinator: eager rebalances behind a join barrier, generations, committed offsets. */
export class MemoryGroup {
  /** A test that moves an offset here does as an admin tool does: what was committed with the old one is gone. */
  readonly committed = new Map<string, bigint>();
  readonly #metadata = new Map<string, { readonly offset: bigint; readonly text: string }>();
  readonly #members = new Map<string, Joined>();
  readonly #clock: Clock;
  readonly #partitionsOf: (topic: string) => number;
  #generation = 0;
  #timeout: { cancel(): void } | null = null;

  constructor(clock: Clock, partitionsOf: (topic: string) => number) {
    this.#clock = clock;
    this.#partitionsOf = partitionsOf;
  }

  /** Resolves when every member of the round is here; those that do not come within their time are put out. */
  join(member: GroupMember): Promise<GroupAssignment> {
    return new Promise((resolve) => {
      const known = this.#members.has(member.id);
      this.#members.set(member.id, { member, waiting: { resolve } });
      if (!known || !this.#timeout) this.#disturb();
      this.#settle();
    });
  }

  leave(memberId: string): void {
    if (!this.#members.delete(memberId)) return;
    this.#disturb();
    this.#settle();
  }

  /** Puts a member out as a missed session would; it learns of it at its next heartbeat or commit. */
  fence(memberId: string): void {
    const joined = this.#members.get(memberId);
    this.leave(memberId);
    joined?.member.disturbed();
  }

  /** Whether this member still belongs to the newest generation. */
  current(memberId: string, generation: number): boolean {
    return this.#members.has(memberId) && generation === this.#generation;
  }

  /** Whether a member has been put out. */
  knows(memberId: string): boolean {
    return this.#members.has(memberId);
  }

  members(): readonly string[] {
    return [...this.#members.keys()];
  }

  commit(memberId: string, generation: number, offsets: readonly OffsetCommit[]): void {
    if (!this.current(memberId, generation)) {
      throw new TransportError('fenced', `memory: ${memberId} of generation ${generation} is no longer in the group`, {
        retriable: false,
      });
    }
    for (const { topic, partition, offset, metadata } of offsets) {
      const id = partitionId(topic, partition);
      this.committed.set(id, offset);
      if (metadata === undefined) this.#metadata.delete(id);
      else this.#metadata.set(id, { offset, text: metadata });
    }
  }

  /** What was committed with a partition's offset. */
  metadata(id: string): string | undefined {
    const found = this.#metadata.get(id);
    return found?.offset === this.committed.get(id) ? found?.text : undefined;
  }

  #disturb(): void {
    const slowest = Math.max(0, ...[...this.#members.values()].map(({ member }) => member.rebalanceTimeoutMs));
    this.#timeout?.cancel();
    this.#timeout = this.#clock.after(slowest, () => {
      for (const [id, joined] of this.#members) {
        if (joined.waiting) continue;
        this.#members.delete(id);
        joined.member.disturbed();
      }
      this.#settle();
    });
    for (const joined of this.#members.values()) if (!joined.waiting) joined.member.disturbed();
  }

  #settle(): void {
    const members = [...this.#members.values()];
    if (members.some((joined) => !joined.waiting)) return;
    this.#timeout?.cancel();
    this.#timeout = null;
    if (members.length === 0) return;
    this.#generation++;
    const groups = mergeGroups(
      [],
      members.map(({ member }) => member.copartitioned),
    );
    const division = assignCopartitioned(
      members.map(({ member }) => member),
      groups,
      new Map(groups.flat().map((topic) => [topic, this.#partitionsOf(topic)])),
    );
    for (const joined of members) {
      joined.waiting?.resolve({ generation: this.#generation, partitions: division.get(joined.member.id) ?? {} });
      joined.waiting = null;
    }
  }
}
