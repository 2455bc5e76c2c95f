import { type ProducedRecord, partitionOfKey, TransportError } from '@millrace/streams';
import { PartitionQueue, type PendingBatch } from './partition-queue.ts';

/** What is to be written to one topic. */
export interface TopicQueues {
  readonly name: string;
  /** Null until the brokers have told how many there are. */
  partitions: PartitionQueue[] | null;
  /** Records taken before that, in order. */
  waiting: ProducedRecord[];
  readonly sinceMs: number;
  /** Where records without a key go, for the time of a batch. */
  sticky: number;
}

/** Sorts records into batches by topic and partition, and counts the bytes of what is not settled yet. */
export class RecordAccumulator {
  readonly #topics = new Map<string, TopicQueues>();
  readonly #refused: (error: TransportError) => void;
  #bufferedBytes = 0;
  #filled = false;

  /** `refused` gets the reason why a record cannot be written anywhere. */
  constructor(refused: (error: TransportError) => void) {
    this.#refused = refused;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  get topics(): Iterable<TopicQueues> {
    return this.#topics.values();
  }

  /** Whether a batch was filled since the last call. */
  takeFilled(): boolean {
    const filled = this.#filled;
    this.#filled = false;
    return filled;
  }

  add(record: ProducedRecord, nowMs: number): void {
    let topic = this.#topics.get(record.topic);
    if (topic === undefined) {
      topic = { name: record.topic, partitions: null, waiting: [], sinceMs: nowMs, sticky: 0 };
      this.#topics.set(record.topic, topic);
    }
    if (topic.partitions !== null) {
      this.#append(topic, topic.partitions, record, nowMs);
      return;
    }
    topic.waiting.push(record);
    this.#bufferedBytes += waitingSize(record);
  }

  /** Makes queues for a topic's partitions, once their number is known; a topic may grow, too. True if records waited for it. */
  adopt(topic: TopicQueues, partitionCount: number, nowMs: number): boolean {
    topic.partitions ??= [];
    const { partitions, waiting } = topic;
    while (partitions.length < partitionCount) partitions.push(new PartitionQueue(topic.name, partitions.length));
    topic.waiting = [];
    for (const record of waiting) {
      this.#bufferedBytes -= waitingSize(record);
      this.#append(topic, partitions, record, nowMs);
    }
    return waiting.length > 0;
  }

  /** Nothing more is added to the batches there are; returns when each of them is settled. */
  closeBatches(): Promise<void>[] {
    const pending: Promise<void>[] = [];
    for (const { partitions } of this.#topics.values()) {
      for (const queue of partitions ?? []) {
        queue.closeBatches();
        for (const { settled } of queue.batches) pending.push(settled);
      }
    }
    return pending;
  }

  /** A batch is acknowledged, or given up. */
  settle(queue: PartitionQueue, batch: PendingBatch): void {
    queue.shift(batch);
    this.#bufferedBytes -= batch.sizeBytes;
  }

  /** Gives up the records of a topic that is not known. */
  loseWaiting(topic: TopicQueues): void {
    for (const record of topic.waiting) this.#bufferedBytes -= waitingSize(record);
    topic.waiting = [];
    if (topic.partitions === null) this.#topics.delete(topic.name);
  }

  /** All sequences start over: there is a new producer id. */
  restart(): void {
    for (const { partitions } of this.#topics.values()) for (const queue of partitions ?? []) queue.restart();
  }

  #append(topic: TopicQueues, partitions: PartitionQueue[], record: ProducedRecord, nowMs: number): void {
    const index = record.partition ?? choose(record, topic, partitions.length);
    const queue = partitions[index];
    if (queue === undefined) {
      const message = `${record.topic} has no partition ${index}`;
      this.#refused(new TransportError('invalid-request', message, { retriable: false }));
      return;
    }
    const before = queue.batches.length;
    this.#bufferedBytes += queue.append(record, nowMs);
    if (before === 0 || queue.batches.length === before) return;
    this.#filled = true;
    // Without a key, a partition is kept until its batch is full: fewer, larger batches.
    if (record.key === null && record.partition === undefined) topic.sticky++;
  }
}

const choose = (record: ProducedRecord, topic: TopicQueues, partitionCount: number): number =>
  record.key === null ? topic.sticky % partitionCount : partitionOfKey(record.key, partitionCount);

const waitingSize = (record: ProducedRecord): number => 36 + (record.key?.length ?? 0) + (record.value?.length ?? 0);
