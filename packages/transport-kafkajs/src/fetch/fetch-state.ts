import type { TopicPartition } from '@millrace/streams';
import type { FetchedPartition } from './fetch-response.ts';

/** An assigned partition: where it is read, and what is known of it. */
export class FetchState implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** What open and aborted transactions wrote is read, too. */
  readonly uncommitted: boolean;
  /** The log that was assigned; null: not known. */
  readonly topicId: string | null;
  paused = false;
  /** Not fetched before this time, ms of `performance.now`. */
  retryAtMs = 0;
  /** How often its next batch has come damaged. */
  damagedTimes = 0;
  #position: bigint;
  /** The end when it was last asked; null: it is not known. */
  #end: bigint | null = null;
  /** The highest end that was told. */
  #highestEnd = 0n;
  /** Rises with each seek: an answer to an older question is dropped. */
  #version = 0;
  /** Where an open transaction holds the end back, and since when, ms of `performance.now`. */
  #held: { readonly at: bigint; readonly sinceMs: number; readonly told: boolean } | null = null;
  #askedVersion = -1;
  /** What came while it was paused: the one answer that waits for it to be resumed. */
  #ahead: FetchedPartition | null = null;

  constructor(
    { topic, partition }: TopicPartition,
    position: bigint,
    uncommitted: boolean,
    topicId: string | null = null,
  ) {
    this.topic = topic;
    this.partition = partition;
    this.uncommitted = uncommitted;
    this.topicId = topicId;
    this.#position = position;
  }

  get position(): bigint {
    return this.#position;
  }

  get version(): number {
    return this.#version;
  }

  /** It has more than was read, for all that is known: to be asked for it at once. Otherwise it is to be waited for. */
  get isBehind(): boolean {
    return this.#end === null || this.#position < this.#end;
  }

  /** A fetch for it would be of use: while it is paused, that is the one that brings what is next, so that it is there when it is resumed. */
  get wantsFetch(): boolean {
    return this.#ahead === null && (!this.paused || (this.#end !== null && this.isBehind));
  }

  keepAhead(answer: FetchedPartition): void {
    this.#ahead = answer;
  }

  takeAhead(): FetchedPartition | null {
    const ahead = this.#ahead;
    this.#ahead = null;
    return ahead;
  }

  /** A question for its present position is under way. */
  get isAsked(): boolean {
    return this.#askedVersion === this.#version;
  }

  /** From now on it is being asked for, until `answered` is called with the version that this returns. */
  ask(): number {
    this.#askedVersion = this.#version;
    return this.#version;
  }

  answered(version: number): void {
    if (version === this.#askedVersion) this.#askedVersion = -1;
  }

  endsAt(end: bigint): void {
    this.#end = end;
    if (end > this.#highestEnd) this.#highestEnd = end;
  }

  /** True once for each open transaction that holds the end back for longer than `afterMs`. */
  isHeldBack(end: bigint, logEnd: bigint, nowMs: number, afterMs: number): boolean {
    if (end >= logEnd) this.#held = null;
    else if (this.#held?.at !== end) this.#held = { at: end, sinceMs: nowMs, told: false };
    else if (!this.#held.told && nowMs - this.#held.sinceMs > afterMs) {
      this.#held = { ...this.#held, told: true };
      return true;
    }
    return false;
  }

  /** An end that lies below one told before is a sign of another log. True once: then it may be as it is. */
  fallsBack(end: bigint): boolean {
    const falls = this.topicId !== null && end < this.#highestEnd;
    if (falls) this.#highestEnd = end;
    return falls;
  }

  /** Records up to `position` were handed over. */
  advance(position: bigint): void {
    this.#position = position;
    this.damagedTimes = 0;
  }

  seek(position: bigint): void {
    this.advance(position);
    this.#version++;
    this.#end = null;
    this.#ahead = null;
  }

  resume(): void {
    this.paused = false;
    // More may have come while nobody asked.
    if (!this.isBehind) this.#end = null;
  }
}
