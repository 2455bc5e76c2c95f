import type {
  Assignment,
  GroupConsumer,
  GroupConsumerListener,
  GroupConsumerOptions,
} from '../transport/group-consumer.ts';
import { partitionId, type RecordBatch, type TopicPartition } from '../transport/record.ts';
import type { Transport } from '../transport/transport.ts';
import { type HeaderTexts, headerTexts } from './header-texts.ts';

export interface SeenRecord extends TopicPartition {
  readonly offset: bigint;
  readonly key: string | null;
  readonly value: string | null;
  readonly timestampMs: number;
  readonly headers: HeaderTexts;
}

/** The records of a batch, offsets and text spelled out. */
export const seenRecords = (batch: RecordBatch): SeenRecord[] =>
  batch.records.map((record) => ({
    topic: batch.topic,
    partition: batch.partition,
    offset: batch.baseOffset + BigInt(record.delta),
    key: record.key?.toString() ?? null,
    value: record.value?.toString() ?? null,
    timestampMs: record.timestampMs,
    headers: headerTexts(record.headers),
  }));

/** A group's member that writes down what it is told. `until` waits for it to have been told enough. */
export class RecordingConsumer implements GroupConsumerListener {
  readonly consumer: GroupConsumer;
  readonly records: SeenRecord[] = [];
  readonly assignments: Assignment[] = [];
  /** `assigned in/0 in/1`, `revoked in/0`, `lost in/0`, in order. */
  readonly log: string[] = [];
  readonly outOfRanges: { readonly position: bigint; readonly resetTo: bigint }[] = [];
  readonly failures: Error[] = [];
  readonly batches: RecordBatch[] = [];
  /** Done inside `assigned` and `revoked`. */
  onAssigned: (assignment: Assignment) => Promise<void> = async () => {};
  onRevoked: (partitions: readonly TopicPartition[], lost: boolean) => Promise<void> = async () => {};
  onBatch: (batch: RecordBatch) => void = () => {};
  #held: readonly string[] = [];
  #waiting: { readonly until: () => boolean; readonly done: () => void }[] = [];

  constructor(
    transport: Transport,
    options: Partial<GroupConsumerOptions> & Pick<GroupConsumerOptions, 'groupId' | 'copartitioned'>,
  ) {
    this.consumer = transport.consumer(
      { startFrom: 'earliest', maxWaitMs: 100, heartbeatIntervalMs: 200, sessionTimeoutMs: 6_000, ...options },
      this,
    );
  }

  /** The partitions it holds now, sorted. */
  get held(): readonly string[] {
    return this.#held;
  }

  get values(): (string | null)[] {
    return this.records.map((record) => record.value);
  }

  until(until: () => boolean): Promise<void> {
    if (until()) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ until, done }));
  }

  async assigned(assignment: Assignment): Promise<void> {
    this.assignments.push(assignment);
    this.#held = names(assignment.partitions);
    await this.onAssigned(assignment);
    this.log.push(['assigned', ...this.#held].join(' '));
    this.#told();
  }

  async revoked(partitions: readonly TopicPartition[], lost: boolean): Promise<void> {
    await this.onRevoked(partitions, lost);
    this.#held = [];
    this.log.push([lost ? 'lost' : 'revoked', ...names(partitions)].join(' '));
    this.#told();
  }

  batch(batch: RecordBatch): void {
    this.batches.push(batch);
    this.records.push(...seenRecords(batch));
    this.onBatch(batch);
    this.#told();
  }

  outOfRange(_: TopicPartition, position: bigint, resetTo: bigint): void {
    this.outOfRanges.push({ position, resetTo });
    this.#told();
  }

  failed(error: Error): void {
    this.failures.push(error);
    this.#told();
  }

  recovered(): void {
    this.#told();
  }

  #told(): void {
    const ready = this.#waiting.filter((waiting) => waiting.until());
    this.#waiting = this.#waiting.filter((waiting) => !ready.includes(waiting));
    for (const { done } of ready) done();
  }
}

const names = (partitions: readonly TopicPartition[]): string[] =>
  partitions.map(({ topic, partition }) => partitionId(topic, partition)).sort();
