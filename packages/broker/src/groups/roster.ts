/** Who belongs to a group: its members, which of them are static, and who has been promised a place. */
import { assert, must } from '../assert.ts';
import { ErrorCode } from '../wire/error-code.ts';
import type { Member } from './member.ts';

export class Roster {
  readonly #members = new Map<string, Member>();
  /** Static members: instance id to member id. */
  readonly #instances = new Map<string, string>();
  /** Ids that were handed out (MEMBER_ID_REQUIRED) and not yet joined with; the value ends the wait for them. */
  readonly #promised = new Map<string, () => void>();

  get size(): number {
    return this.#members.size;
  }
  /** In the order in which they came. */
  get members(): readonly Member[] {
    return [...this.#members.values()];
  }
  get hasPromised(): boolean {
    return this.#promised.size > 0;
  }

  /** Members, and places that are kept for those to come. */
  get takenPlaces(): number {
    return this.#members.size + this.#promised.size;
  }

  /** Whether a place is taken by, or kept for, who asks. */
  hasPlaceFor(memberId: string, instanceId: string | null): boolean {
    const isStatic = instanceId !== null && this.#instances.has(instanceId);
    return isStatic || this.#members.has(memberId) || this.#promised.has(memberId);
  }

  /** The member, UNKNOWN_MEMBER_ID for a stranger, or FENCED_INSTANCE_ID when another has taken its static place. */
  identify(memberId: string, instanceId: string | null): Member | ErrorCode {
    if (instanceId !== null) {
      const holder = this.#instances.get(instanceId);
      if (holder === undefined) return ErrorCode.unknownMemberId;
      if (holder !== memberId) return ErrorCode.fencedInstanceId;
    }
    return this.#members.get(memberId) ?? ErrorCode.unknownMemberId;
  }

  /** The present holder of a static place. */
  ofInstance(instanceId: string): Member | undefined {
    const id = this.#instances.get(instanceId);
    return id === undefined ? undefined : must(this.#members.get(id), 'an instance is a member');
  }

  add(member: Member): void {
    assert(!this.#members.has(member.id), `${member.id} is no member yet`);
    this.#members.set(member.id, member);
    if (member.instanceId !== null) this.#instances.set(member.instanceId, member.id);
  }

  remove({ id, instanceId }: Member): void {
    this.#members.delete(id);
    if (instanceId !== null && this.#instances.get(instanceId) === id) this.#instances.delete(instanceId);
  }

  /** Keeps a place for an id that is about to join; `cancel` ends the wait for it. */
  promise(id: string, cancel: () => void): void {
    this.#promised.set(id, cancel);
  }

  /** Ends a promise, kept or not; false when there was none. */
  endPromise(id: string): boolean {
    this.#promised.get(id)?.();
    return this.#promised.delete(id);
  }

  endPromises(): void {
    for (const id of [...this.#promised.keys()]) this.endPromise(id);
  }
}
