import type { ProducedRecord } from '@millrace/streams';
import { Deferred } from '../network/deferred.ts';
import { encodeRecordBatch, type ProducerStamp, recordSizeBound } from '../records/record-batch-encoder.ts';

/** A batch grows to this many bytes, unless one record alone is larger. Kafka's default bound is 1 MiB. */
const maxBatchBytes = 512 * 1024;
/** However small the batches that a topic takes, they are made no smaller than this. */
const minBatchBytes = 8 * 1024;

export interface PendingBatch {
  records: ProducedRecord[];
  sizeBytes: number;
  /** No record is added any more. */
  closed: boolean;
  /** Set when it is sent first; a retry sends the same bytes, for the broker to know them. */
  encoded: { readonly bytes: Buffer; readonly baseSequence: number } | null;
  readonly createdMs: number;
  /** Resolves when the batch is acknowledged, or given up. */
  readonly settled: Promise<void>;
  readonly settle: () => void;
}

const newBatch = (createdMs: number): PendingBatch => {
  const { promise, resolve } = new Deferred<void>();
  return { records: [], sizeBytes: 0, closed: false, encoded: null, createdMs, settled: promise, settle: resolve };
};

/** The batches of one partition, oldest first, and its sequence. One of them at a time is in flight. */
export class PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  readonly batches: PendingBatch[] = [];
  inFlight = false;
  /** Not sent before this time, ms of `performance.now`. */
  retryAtMs = 0;
  #nextSequence = 0;
  #maxBatchBytes = maxBatchBytes;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** Adds a record; returns what it adds to the buffered bytes. */
  append(record: ProducedRecord, nowMs: number): number {
    const size = recordSizeBound(record);
    let batch = this.batches.at(-1);
    if (batch === undefined || batch.closed || batch.sizeBytes + size > this.#maxBatchBytes) {
      if (batch !== undefined) batch.closed = true;
      batch = newBatch(nowMs);
      this.batches.push(batch);
    }
    batch.records.push(record);
    batch.sizeBytes += size;
    return size;
  }

  closeBatches(): void {
    const last = this.batches.at(-1);
    if (last !== undefined) last.closed = true;
  }

  /** The oldest batch if it may be sent now: closed, or its linger over. */
  ready(nowMs: number, lingerMs: number): PendingBatch | null {
    const head = this.batches[0];
    if (head === undefined || this.inFlight || nowMs < this.retryAtMs) return null;
    return head.closed || nowMs - head.createdMs >= lingerMs ? head : null;
  }

  encode(batch: PendingBatch, producer: Omit<ProducerStamp, 'baseSequence'>): Buffer {
    batch.closed = true;
    if (batch.encoded === null) {
      const baseSequence = producer.producerId < 0n ? -1 : this.#nextSequence;
      batch.encoded = { bytes: encodeRecordBatch(batch.records, { ...producer, baseSequence }), baseSequence };
      // Sequences wrap to 0 after 2^31 − 1.
      this.#nextSequence = (this.#nextSequence + batch.records.length) % 2 ** 31;
    }
    return batch.encoded.bytes;
  }

  /** Takes the acknowledged, or given-up, oldest batch out. */
  shift(batch: PendingBatch): void {
    this.batches.shift();
    batch.settle();
  }

  /** The broker took nothing of the batch: its sequence is free again. */
  release(batch: PendingBatch): void {
    if (batch.encoded !== null && batch.encoded.baseSequence >= 0) this.#nextSequence = batch.encoded.baseSequence;
    batch.encoded = null;
  }

  /** A new producer id starts over at sequence 0. */
  restart(): void {
    this.#nextSequence = 0;
    for (const batch of this.batches) batch.encoded = null;
  }

  /** Halves the oldest batch, which the broker found too large. False if there is nothing to halve. */
  split(batch: PendingBatch, nowMs: number): boolean {
    if (batch.records.length < 2) return false;
    this.release(batch);
    // Batches to come need not be refused first.
    this.#maxBatchBytes = Math.max(minBatchBytes, Math.min(this.#maxBatchBytes, batch.sizeBytes >>> 1));
    const second = newBatch(nowMs);
    second.records = batch.records.splice(batch.records.length >>> 1);
    second.sizeBytes = sizeOf(second.records);
    batch.sizeBytes = sizeOf(batch.records);
    second.closed = true;
    // Whoever waits for the whole waits for both: the first settles after the second is queued behind it.
    const settleFirst = batch.settle;
    this.batches.splice(0, 1, { ...batch, settle: () => void second.settled.then(settleFirst) }, second);
    return true;
  }
}

const sizeOf = (records: readonly ProducedRecord[]): number =>
  records.reduce((size, record) => size + recordSizeBound(record), 0);
