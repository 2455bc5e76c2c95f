import { type PartitionsByTopic, topicPartitions } from '../../consumer/copartition-assignor.ts';
import {
  type Assignment,
  type GroupConsumer,
  type GroupConsumerListener,
  type GroupConsumerOptions,
  type OffsetCommit,
  startBeyondEnd,
  startOfTopic,
} from '../group-consumer.ts';
import { partitionId, type TopicPartition } from '../record.ts';
import { TransportError } from '../transport-error.ts';
import type { MemoryBroker } from './memory-broker.ts';
import type { GroupMember, MemoryGroup } from './memory-group.ts';
import type { MemoryLog } from './memory-log.ts';
import { Signal } from './signal.ts';

const batchRecords = 500;
let members = 0;

/** A member of a group in memory. A delivery a turn of the event loop; a rebalance as eager as Kafka's classic protocol. */
export class MemoryConsumer implements GroupConsumer {
  readonly #broker: MemoryBroker;
  readonly #group: MemoryGroup;
  readonly #options: GroupConsumerOptions;
  readonly #listener: GroupConsumerListener;
  readonly #changed = new Signal();
  readonly #unlisten: () => void;
  readonly #paused = new Set<string>();
  readonly #positions = new Map<string, TopicPartition & { offset: bigint }>();
  #memberId = '';
  #generation = -1;
  #held: PartitionsByTopic = {};
  #disturbed = false;
  #phase: 'new' | 'running' | 'stopping' | 'dropped' = 'new';
  #unreachable = false;
  /** What its topics were when they were divided. */
  #topics: ReadonlyMap<string, { readonly id: string; readonly partitions: number }> = new Map();
  #gone: string | null = null;
  #loop: Promise<void> | null = null;

  constructor(broker: MemoryBroker, options: GroupConsumerOptions, listener: GroupConsumerListener) {
    this.#broker = broker;
    this.#options = options;
    this.#listener = listener;
    this.#group = broker.group(options.groupId);
    this.#unlisten = broker.listen(() => this.#changed.notify());
  }

  get memberId(): string {
    return this.#memberId;
  }

  async start(signal?: AbortSignal): Promise<void> {
    if (this.#phase !== 'new')
      throw new TransportError('invalid-request', 'memory: the consumer was started before', { retriable: false });
    this.#broker.faults.reach();
    for (const topic of this.#options.copartitioned.flat()) this.#broker.logs(topic);
    this.#phase = 'running';
    signal?.addEventListener('abort', () => this.drop(), { once: true });
    await new Promise<void>((resolve, reject) => {
      this.#loop = this.#run(resolve).catch((error: unknown) => {
        this.drop();
        const failure = error instanceof Error ? error : new Error(String(error));
        this.#listener.failed(failure, false);
        reject(failure);
      });
    });
  }

  async stop(): Promise<void> {
    if (this.#phase === 'running') this.#phase = 'stopping';
    this.#changed.notify();
    await this.#loop;
    this.#unlisten();
  }

  /** Ends it as a crash would: nothing is called, nothing committed, and the group does without it at once. */
  drop(): void {
    this.#phase = 'dropped';
    this.#unlisten();
    this.#changed.notify();
    if (this.#memberId) this.#group.leave(this.#memberId);
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) this.#paused.add(partitionId(topic, partition));
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) this.#paused.delete(partitionId(topic, partition));
    this.#changed.notify();
  }

  seek({ topic, partition }: TopicPartition, offset: bigint): void {
    const position = this.#positions.get(partitionId(topic, partition));
    if (position) position.offset = offset;
    this.#changed.notify();
  }

  async commit(offsets: readonly OffsetCommit[]): Promise<void> {
    await turn();
    if (this.#phase === 'dropped')
      throw new TransportError('closed', 'memory: the connection is gone', { retriable: false });
    this.#broker.faults.commit();
    this.#group.commit(this.#memberId, this.#generation, offsets);
    this.#broker.wake();
  }

  async #run(started: () => void): Promise<void> {
    while (this.#phase === 'running') {
      await this.#listener.assigned(await this.#join());
      started();
      while (this.#phase === 'running' && !this.#disturbed && !this.#topicsChanged()) {
        if (!this.#deliver()) await this.#changed.wait();
        await turn();
      }
      if (this.#is('dropped')) return;
      const lost = !this.#group.knows(this.#memberId);
      await this.#listener.revoked(topicPartitions(this.#held), lost);
      if (lost) this.#held = {};
    }
    if (this.#phase === 'stopping') this.#group.leave(this.#memberId);
    started();
  }

  async #join(): Promise<Assignment> {
    if (!this.#memberId || !this.#group.knows(this.#memberId))
      this.#memberId = `${this.#options.clientId ?? 'member'}-${++members}`;
    this.#disturbed = false;
    const { generation, partitions } = await this.#group.join(this.#member());
    this.#generation = generation;
    this.#held = partitions;
    this.#positions.clear();
    this.#paused.clear();
    this.#topics = this.#topicsNow();
    this.#gone = null;
    this.#broker.wake();
    return {
      generation,
      memberId: this.#memberId,
      partitions: topicPartitions(partitions).map(({ topic, partition }) => {
        const id = partitionId(topic, partition);
        const log = this.#broker.log(topic, partition);
        const committed = this.#group.committed.get(id) ?? null;
        const fromStart = startOfTopic(this.#options, topic) === 'earliest' || this.#knows(topic);
        const offset = committed ?? (fromStart ? log.earliest : this.#endOf(log));
        this.#positions.set(id, { topic, partition, offset });
        const metadata = this.#group.metadata(id);
        const topicId = this.#topics.get(topic)?.id;
        return {
          topic,
          partition,
          position: offset,
          committed,
          ...(topicId === undefined ? undefined : { topicId }),
          ...(metadata === undefined ? undefined : { metadata }),
        };
      }),
      topics: this.#topics,
    };
  }

  /** The group has committed some partition of this topic: those of which it has nothing are new. */
  #knows(topic: string): boolean {
    const count = this.#topics.get(topic)?.partitions ?? 0;
    return Array.from({ length: count }, (_, partition) => partitionId(topic, partition)).some((id) =>
      this.#group.committed.has(id),
    );
  }

  #topicsNow(): ReadonlyMap<string, { readonly id: string; readonly partitions: number }> {
    return new Map(
      this.#options.copartitioned.flat().flatMap((topic) => {
        const found = this.#broker.topics.get(topic);
        return found ? [[topic, { id: found.id, partitions: found.logs.length }]] : [];
      }),
    );
  }

  /** Some have more partitions than were divided, or were made anew. One that is gone is waited for. */
  #topicsChanged(): boolean {
    return [...this.#topicsNow()].some(([topic, { id, partitions }]) => {
      const was = this.#topics.get(topic);
      return was?.id !== id || was.partitions !== partitions;
    });
  }

  #member(): GroupMember {
    return {
      id: this.#memberId,
      topics: new Set(this.#options.copartitioned.flat()),
      copartitioned: this.#options.copartitioned,
      held: this.#held,
      generation: this.#generation,
      rebalanceTimeoutMs: this.#options.rebalanceTimeoutMs ?? 60_000,
      disturbed: () => {
        this.#disturbed = true;
        this.#changed.notify();
      },
    };
  }

  /** One round over the partitions; false when nothing was there to deliver. */
  #deliver(): boolean {
    if (this.#broker.faults.unreachable) {
      if (!this.#unreachable) {
        this.#unreachable = true;
        this.#listener.failed(
          new TransportError('unreachable', 'memory: connection refused', { retriable: true }),
          true,
        );
      }
      return false;
    }
    if (this.#unreachable) {
      this.#unreachable = false;
      this.#listener.recovered();
    }
    let delivered = false;
    for (const [id, position] of this.#positions) {
      if (this.#paused.has(id)) continue;
      const log = this.#broker.topics.get(position.topic)?.logs[position.partition];
      if (!log) {
        this.#lost(position.topic);
        continue;
      }
      if (position.offset < log.earliest || position.offset > log.latest) {
        const from = position.offset < log.earliest ? 'earliest' : startBeyondEnd(this.#options, position.topic, true);
        const resetTo = from === 'earliest' ? log.earliest : this.#endOf(log);
        this.#listener.outOfRange(position, position.offset, resetTo);
        position.offset = resetTo;
      }
      const batch = log.read(
        position.offset,
        this.#endOf(log),
        batchRecords,
        this.#options.maxBytesPerPartition ?? 1024 * 1024,
        this.#isUncommitted(log),
      );
      if (!batch) continue;
      position.offset = batch.nextOffset;
      delivered = true;
      this.#broker.wake();
      this.#listener.batch(batch);
    }
    return delivered;
  }

  #isUncommitted({ topic }: MemoryLog): boolean {
    return this.#options.uncommitted?.includes(topic) ?? false;
  }

  #endOf(log: MemoryLog): bigint {
    return log.end(this.#isUncommitted(log));
  }

  #lost(topic: string): void {
    if (this.#gone === topic) return;
    this.#gone = topic;
    this.#listener.failed(
      new TransportError('unknown-topic', `memory: the topic ${topic} is gone: was it deleted?`, { retriable: true }),
      true,
    );
  }

  /** Asked anew after an await: the phase may have changed meanwhile. */
  #is(phase: 'dropped'): boolean {
    return this.#phase === phase;
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
