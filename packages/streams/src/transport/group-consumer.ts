import type { RecordBatch, TopicPartition } from './record.ts';

export type StartFrom = 'earliest' | 'latest';

export interface GroupConsumerOptions {
  readonly groupId: string;
  /** Where a partition without a committed offset starts. */
  readonly startFrom: StartFrom;
  /** Topics that start at their first record all the same, and go back to it where their log has lost the position. */
  readonly fromEarliest?: readonly string[];
  readonly sessionTimeoutMs?: number;
  readonly heartbeatIntervalMs?: number;
  /** The longest that rejoining may take a member (`revoked` included), ms. */
  readonly rebalanceTimeoutMs?: number;
  readonly maxBytesPerPartition?: number;
  readonly maxWaitMs?: number;
  /** Said by this member to the assignor: which partitions it holds state of, so that it gets them again. */
  readonly clientId?: string;
  /**
   * Groups of topics whose partition n must go to the same member, for all n: the copartitioned sources of a task.
   * Every topic of the subscription stands in exactly one group.
   */
  readonly copartitioned: readonly (readonly string[])[];
  /** Topics whose records count before their transaction has ended, and if it is aborted; of the others only what is committed is read. */
  readonly uncommitted?: readonly string[];
}

/** Where a partition of this topic starts that has no committed offset. */
export const startOfTopic = (
  { startFrom, fromEarliest }: Pick<GroupConsumerOptions, 'startFrom' | 'fromEarliest'>,
  topic: string,
): StartFrom => (fromEarliest?.includes(topic) ? 'earliest' : startFrom);

/**
 * Where a partition of this topic goes on whose position lies beyond its log's end. A log that is known to be the one that was read has lost its
 * tail: all that it has was read. One that cannot be told from another is another, most likely.
 */
export const startBeyondEnd = (
  { fromEarliest }: Pick<GroupConsumerOptions, 'fromEarliest'>,
  topic: string,
  isSameLog: boolean,
): StartFrom => (isSameLog && !fromEarliest?.includes(topic) ? 'latest' : 'earliest');

/** What a consumer tells its owner. It awaits what it is given: no record of a new assignment comes before `assigned` has resolved. Heartbeats go on meanwhile. */
export interface GroupConsumerListener {
  /**
   * The whole assignment of a new generation, and where each partition will be read from (committed, else by `startFrom`). May `seek` and `pause`.
   * `revoking` aborts when the assignment is to be handed back before this has resolved (a rebalance during a restore): end soon, `revoked` follows.
   */
  assigned(assignment: Assignment, revoking?: AbortSignal): Promise<void>;
  /**
   * Called before the group is rejoined or left, with all partitions held: finish, flush, commit. Commits with the old generation still count.
   * `lost`: they are somebody else's already (the member was fenced): drop the state, commit nothing.
   */
  revoked(partitions: readonly TopicPartition[], lost: boolean): Promise<void>;
  /** Takes ownership of the batch. Returns at once; when its buffer is full it calls `pause` and may get what was already in flight. */
  batch(batch: RecordBatch): void;
  /** A fetch found the position below the earliest or beyond the latest kept offset. It was moved to `resetTo`; what lies between is lost. */
  outOfRange(partition: TopicPartition, position: bigint, resetTo: bigint): void;
  /** Told once of each transaction that is open for a minute or longer: what was written from `from` to `to` is not read before it ends. */
  heldBack?(partition: TopicPartition, from: bigint, to: bigint): void;
  /** `retrying`: it goes on by itself with back-off. Otherwise the consumer has stopped for good. */
  failed(error: Error, retrying: boolean): void;
  /** Fetching works again after `failed(…, true)`. */
  recovered(): void;
}

export interface Assignment {
  readonly generation: number;
  readonly memberId: string;
  readonly partitions: readonly (TopicPartition & {
    readonly position: bigint;
    readonly committed: bigint | null;
    /** Which log this is: a topic that is deleted and made anew has another. Absent where the broker does not say. */
    readonly topicId?: string;
    /** What was committed with the offset; absent: nothing. */
    readonly metadata?: string;
  })[];
  /** Every topic of the subscription, whoever reads it. */
  readonly topics: ReadonlyMap<string, AssignedTopic>;
}

export interface AssignedTopic {
  /** Null: the broker does not say. */
  readonly id: string | null;
  /** 0: it is not there. */
  readonly partitions: number;
}

export type OffsetCommit = TopicPartition & {
  readonly offset: bigint;
  /** Kept beside the offset, and gone with it: at most 4096 bytes. */
  readonly metadata?: string;
};

/**
 * A member looks at its topics from time to time. Partitions that were added are divided in a new generation, and begin with their first record
 * whatever `startFrom` says. A topic that was deleted and made anew is read no further: a new generation says its `topicId`, and where to begin is its owner's to say.
 */
export interface GroupConsumer {
  /** Joins the group and reads until `stop`. Resolves after the first assignment was handed over. */
  start(signal?: AbortSignal): Promise<void>;
  /** Revokes, leaves the group and closes. Idempotent. */
  stop(): Promise<void>;
  /** What is being handed over is still delivered. */
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  seek(partition: TopicPartition, offset: bigint): void;
  /** Commits, fenced by member and generation: throws `TransportError` with code `fenced` if the group has moved on. */
  commit(offsets: readonly OffsetCommit[]): Promise<void>;
}
