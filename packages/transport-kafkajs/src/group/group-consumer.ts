import {
  type Assignment,
  type GroupConsumer,
  type GroupConsumerListener,
  type GroupConsumerOptions,
  type OffsetCommit,
  partitionId,
  startBeyondEnd,
  startOfTopic,
  type TopicPartition,
  TransportError,
} from '@millrace/streams';
import { defaultMaxBytes, defaultMaxBytesPerPartition, defaultMaxWaitMs, FetchLoop } from '../fetch/fetch-loop.ts';
import type { Cluster } from '../network/cluster.ts';
import { Deferred } from '../network/deferred.ts';
import { asTransportError, KafkaRefusal } from '../network/kafka-failure.ts';
import { earliest, latest, listOffsets } from '../network/list-offsets.ts';
import { GroupMembership, type Member } from './group-membership.ts';
import { Health } from './health.ts';
import { type CommittedOffset, commitOffsets, committedOffsets } from './offsets.ts';
import type { TopicStates } from './topic-states.ts';
import { TopicWatch } from './topic-watch.ts';

const membershipSource = 'group';
const topicsSource = 'topics';

/** A membership and a fetch loop: reads what the group assigns. */
export class KafkaJsGroupConsumer implements GroupConsumer {
  readonly #cluster: Cluster;
  readonly #options: GroupConsumerOptions;
  readonly #listener: GroupConsumerListener;
  readonly #membership: GroupMembership;
  readonly #fetches: FetchLoop;
  readonly #health: Health;
  readonly #uncommitted: ReadonlySet<string>;
  readonly #topics: TopicWatch;
  readonly #closing = new AbortController();
  readonly #started = new Deferred<void>();
  #partitions: readonly TopicPartition[] = [];
  #running: Promise<void> | null = null;
  #stopped: Promise<void> | null = null;

  /** `shared`: see `GroupMembership` and `TopicWatch`. */
  constructor(cluster: Cluster, shared: Cluster, options: GroupConsumerOptions, listener: GroupConsumerListener) {
    this.#cluster = cluster;
    this.#options = options;
    this.#listener = listener;
    this.#uncommitted = new Set(options.uncommitted);
    const { sessionTimeoutMs = 10_000 } = options;
    this.#health = new Health(
      (error) => listener.failed(error, true),
      () => listener.recovered(),
    );
    this.#membership = new GroupMembership(
      cluster,
      shared,
      {
        groupId: options.groupId,
        copartitioned: options.copartitioned,
        sessionTimeoutMs,
        heartbeatIntervalMs: options.heartbeatIntervalMs ?? Math.min(3_000, Math.floor(sessionTimeoutMs / 3)),
        rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 60_000,
      },
      {
        joining: () => this.#topics.begin(),
        assigned: (member, partitions, revoking) => this.#assigned(member, partitions, revoking),
        revoked: (lost) => this.#revoked(lost),
        failed: (error) => this.#health.failed(membershipSource, error),
        recovered: () => this.#health.recovered(membershipSource),
      },
    );
    this.#topics = new TopicWatch(cluster, shared, options.copartitioned.flat(), {
      changed: () => this.#membership.rejoin(),
      missing: (topics) => this.#health.failed(topicsSource, gone(topics)),
      found: () => this.#health.recovered(topicsSource),
      failed: (error) => this.#health.failed(topicsSource, error),
    });
    this.#fetches = new FetchLoop(
      cluster,
      {
        resetTo: (topic) => startBeyondEnd(options, topic, cluster.topicId(topic) !== null),
        maxWaitMs: options.maxWaitMs ?? defaultMaxWaitMs,
        maxBytesPerPartition: options.maxBytesPerPartition ?? defaultMaxBytesPerPartition,
        maxBytes: defaultMaxBytes,
      },
      {
        batch: (batch) => listener.batch(batch),
        outOfRange: (partition, position, resetTo) => listener.outOfRange(partition, position, resetTo),
        heldBack: ({ topic, partition }, from, to) => listener.heldBack?.({ topic, partition }, from, to),
        failed: (source, error) => this.#health.failed(source, error),
        recovered: (source) => this.#health.recovered(source),
        replaced: () => this.#membership.rejoin(),
        died: (error) => this.#died(error),
      },
    );
    // Whoever starts the consumer gets the failure; without a start there is nobody to tell.
    this.#started.promise.catch(() => {});
  }

  async start(signal?: AbortSignal): Promise<void> {
    if (this.#running !== null) throw new Error('a consumer starts once');
    if (signal?.aborted) return this.stop();
    const onAbort = (): void => void this.stop();
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#running = this.#membership
      .run()
      .then(
        () => this.#started.reject(new TransportError('closed', 'the consumer was stopped', { retriable: false })),
        (error: unknown) => this.#died(asTransportError(error, `group ${this.#options.groupId}`)),
      )
      .finally(() => signal?.removeEventListener('abort', onAbort));
    await this.#started.promise;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) this.#fetches.pause(partitionId(topic, partition));
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) this.#fetches.resume(partitionId(topic, partition));
  }

  seek(partition: TopicPartition, offset: bigint): void {
    this.#fetches.seek(partitionId(partition.topic, partition.partition), offset);
  }

  async commit(offsets: readonly OffsetCommit[]): Promise<void> {
    const { member } = this.#membership;
    if (member === null) {
      throw new TransportError('fenced', `group ${this.#options.groupId}: not a member now`, { retriable: false });
    }
    if (offsets.length === 0) return;
    try {
      await commitOffsets(this.#cluster, member, offsets, this.#closing.signal);
    } catch (error) {
      if (error instanceof KafkaRefusal && error.code === 'fenced') this.#membership.refused(error.kafkaCode);
      throw error;
    }
  }

  async #assigned(member: Member, partitions: readonly TopicPartition[], revoking: AbortSignal): Promise<void> {
    const { generation, memberId } = member;
    // Asked anew: they may have changed since the join, and what is read is read of these.
    const topics = await this.#topics.look();
    const positions = await this.#positions(partitions, topics);
    this.#partitions = partitions;
    this.#fetches.assign(positions.map((each) => this.#isolated(each)));
    try {
      await this.#listener.assigned({ generation, memberId, partitions: positions, topics }, revoking);
    } catch (error) {
      throw new TransportError('invalid-request', `the assignment was not taken over: ${String(error)}`, {
        retriable: false,
        cause: error,
      });
    }
    if (!revoking.aborted) this.#fetches.release();
    this.#started.resolve();
    void this.#topics.run(topics, revoking);
  }

  async #positions(partitions: readonly TopicPartition[], topics: TopicStates): Promise<Assignment['partitions']> {
    // Of the topics' other partitions, too: where the group has some, the ones that it lacks are new.
    const all = [...new Set(partitions.map(({ topic }) => topic))].flatMap((topic) =>
      Array.from({ length: topics.get(topic)?.partitions ?? 0 }, (_, partition) => ({ topic, partition })),
    );
    const committed = await committedOffsets(this.#cluster, this.#options.groupId, all, this.#closing.signal);
    const committedAt = ({ topic, partition }: TopicPartition): CommittedOffset =>
      committed.get(partitionId(topic, partition)) ?? { offset: -1n, metadata: '' };
    const known = new Set(all.filter((one) => committedAt(one).offset >= 0n).map(({ topic }) => topic));
    const fresh = partitions
      .filter((partition) => committedAt(partition).offset < 0n)
      .map((partition) => this.#isolated(partition));
    const starts = new Map<string, bigint>();
    for (const [from, time] of [['earliest', earliest] as const, ['latest', latest] as const]) {
      const some = fresh.filter(
        ({ topic }) => (known.has(topic) ? 'earliest' : startOfTopic(this.#options, topic)) === from,
      );
      if (some.length === 0) continue;
      for (const [id, offset] of await listOffsets(this.#cluster, some, time, this.#closing.signal)) {
        starts.set(id, offset);
      }
    }
    return partitions.map((partition) => {
      const { offset, metadata } = committedAt(partition);
      const start = starts.get(partitionId(partition.topic, partition.partition)) ?? 0n;
      const id = topics.get(partition.topic)?.id ?? null;
      const source = id === null ? partition : { ...partition, topicId: id };
      if (offset < 0n) return { ...source, position: start, committed: null };
      const position = { ...source, position: offset, committed: offset };
      return metadata === '' ? position : { ...position, metadata };
    });
  }

  #isolated<Partition extends TopicPartition>(partition: Partition): Partition & { readonly uncommitted: boolean } {
    return { ...partition, uncommitted: this.#uncommitted.has(partition.topic) };
  }

  async #revoked(lost: boolean): Promise<void> {
    this.#fetches.clear();
    const partitions = this.#partitions;
    this.#partitions = [];
    try {
      await this.#listener.revoked(partitions, lost);
    } catch (error) {
      // The partitions go either way: what was not committed is read again by their next owner.
      this.#listener.failed(asTransportError(error, 'handing partitions back'), true);
    }
  }

  #died(error: TransportError): void {
    if (this.#closing.signal.aborted || this.#stopped !== null) return;
    this.#started.reject(error);
    this.#listener.failed(error, false);
    void this.stop();
  }

  async #stop(): Promise<void> {
    this.#membership.stop();
    await this.#running;
    this.#closing.abort();
    await Promise.all([this.#cluster.close(), this.#fetches.stop()]);
  }
}

const gone = (topics: readonly string[]): TransportError => {
  const [are, them] = topics.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const message = `${topics.join(', ')} ${are} no longer there: deleted? Make ${them} anew, or deploy a version that does not read ${them}.`;
  return new TransportError('unknown-topic', message, { retriable: true });
};
