/**
 * What a partition remembers of its idempotent and transactional producers: the last five batches of each, so that a
 * repeated batch is answered and not written twice, and the transactions that are open or were aborted, so that a
 * read_committed reader knows where to stop and what to leave out. It follows from the log alone; snapshots only
 * save reading all of it.
 */
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import type { RecordBatch } from './record-batch.ts';

/** Kafka keeps five: a client may have that many requests in flight. */
const rememberedBatches = 5;
const maxSequence = 2 ** 31 - 1;

interface WrittenBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: bigint;
}

interface Producer {
  epoch: number;
  batches: WrittenBatch[];
  lastTimestampMs: number;
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
  /** The offset of the abort marker. */
  readonly lastOffset: bigint;
}

export type ControlMarker = 'abort' | 'commit';

export class ProducerState {
  readonly #producers = new Map<bigint, Producer>();
  /** Where the open transactions begin in this partition, by producer. */
  readonly #openFrom = new Map<bigint, bigint>();
  #aborted: AbortedTransaction[] = [];

  /**
   * Judges a batch before it is written: null when it is to be appended, the base offset it already has when it is a
   * repetition. Throws INVALID_PRODUCER_EPOCH for a fenced producer, OUT_OF_ORDER_SEQUENCE_NUMBER for a gap.
   */
  check(batch: RecordBatch): bigint | null {
    if (batch.producerId < 0n) return null;
    const producer = this.#producers.get(batch.producerId);
    if (producer === undefined) return null;
    if (batch.producerEpoch < producer.epoch) {
      throw new KafkaError(ErrorCode.invalidProducerEpoch, `producer ${batch.producerId} is fenced`);
    }
    const first = batch.baseSequence;
    if (batch.producerEpoch > producer.epoch) {
      if (first !== 0) throw outOfOrder(batch, 0);
      return null;
    }
    const last = lastSequenceOf(batch);
    const repeated = producer.batches.find((one) => one.firstSequence === first && one.lastSequence === last);
    if (repeated !== undefined) return repeated.baseOffset;
    const newest = producer.batches.at(-1);
    if (newest === undefined) return null;
    const expected = newest.lastSequence === maxSequence ? 0 : newest.lastSequence + 1;
    if (first !== expected) throw outOfOrder(batch, expected);
    return null;
  }

  /** Takes note of a batch that is in the log, `marker` telling what a control batch says. */
  record(batch: RecordBatch, marker: ControlMarker | null, nowMs: number): void {
    if (batch.producerId < 0n) return;
    const producer = this.#producers.get(batch.producerId) ?? newProducer(batch.producerEpoch);
    this.#producers.set(batch.producerId, producer);
    if (batch.producerEpoch !== producer.epoch) producer.batches = [];
    producer.epoch = batch.producerEpoch;
    producer.lastTimestampMs = nowMs;
    if (marker !== null) {
      const firstOffset = this.#openFrom.get(batch.producerId);
      if (marker === 'abort' && firstOffset !== undefined) {
        this.#aborted.push({ producerId: batch.producerId, firstOffset, lastOffset: batch.baseOffset });
      }
      this.#openFrom.delete(batch.producerId);
      return;
    }
    const { baseOffset, baseSequence } = batch;
    producer.batches.push({ firstSequence: baseSequence, lastSequence: lastSequenceOf(batch), baseOffset });
    if (producer.batches.length > rememberedBatches) producer.batches.shift();
    if (batch.isTransactional && !this.#openFrom.has(batch.producerId))
      this.#openFrom.set(batch.producerId, baseOffset);
  }

  /** The first offset of any open transaction: what a read_committed reader must not read yet. */
  get firstOpenOffset(): bigint | null {
    let first: bigint | null = null;
    for (const offset of this.#openFrom.values()) if (first === null || offset < first) first = offset;
    return first;
  }

  /**
   * The aborted transactions that have a record in `[from, to)`, in the order in which they began: Java's reader sorts
   * them so, and KafkaJS takes them as they come, and shows records of those that come too late.
   */
  abortedWithin(from: bigint, to: bigint): AbortedTransaction[] {
    return this.#aborted
      .filter((one) => one.lastOffset >= from && one.firstOffset < to)
      .sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  }

  get producerCount(): number {
    return this.#producers.size;
  }

  /** Forgets what lies wholly before the start of the log, and producers silent since `silentSinceMs`. */
  expire(logStartOffset: bigint, silentSinceMs: number): void {
    this.#aborted = this.#aborted.filter((one) => one.lastOffset >= logStartOffset);
    for (const [id, producer] of this.#producers) {
      if (!this.#openFrom.has(id) && producer.lastTimestampMs < silentSinceMs) this.#producers.delete(id);
    }
  }

  snapshot(): ProducerSnapshot {
    return {
      producers: [...this.#producers].map(([id, { epoch, batches, lastTimestampMs }]) => ({
        id: String(id),
        epoch,
        batches: batches.map((one) => [one.firstSequence, one.lastSequence, String(one.baseOffset)]),
        lastTimestampMs,
        openFrom: this.#openFrom.get(id)?.toString() ?? null,
      })),
      aborted: this.#aborted.map((one) => [String(one.producerId), String(one.firstOffset), String(one.lastOffset)]),
    };
  }

  /** Replaces everything known by what a snapshot says. */
  restore(snapshot: ProducerSnapshot): void {
    this.#producers.clear();
    this.#openFrom.clear();
    for (const { id, epoch, batches, lastTimestampMs, openFrom } of snapshot.producers) {
      this.#producers.set(BigInt(id), {
        epoch,
        batches: batches.map(([firstSequence, lastSequence, baseOffset]) => ({
          firstSequence,
          lastSequence,
          baseOffset: BigInt(baseOffset),
        })),
        lastTimestampMs,
      });
      if (openFrom !== null) this.#openFrom.set(BigInt(id), BigInt(openFrom));
    }
    this.#aborted = snapshot.aborted.map(([producerId, firstOffset, lastOffset]) => ({
      producerId: BigInt(producerId),
      firstOffset: BigInt(firstOffset),
      lastOffset: BigInt(lastOffset),
    }));
  }
}

/** The state as plain JSON; offsets and ids in decimal, because JSON has no 64-bit numbers. */
export interface ProducerSnapshot {
  readonly producers: readonly {
    readonly id: string;
    readonly epoch: number;
    readonly batches: readonly (readonly [firstSequence: number, lastSequence: number, baseOffset: string])[];
    readonly lastTimestampMs: number;
    readonly openFrom: string | null;
  }[];
  readonly aborted: readonly (readonly [producerId: string, firstOffset: string, lastOffset: string])[];
}

function newProducer(epoch: number): Producer {
  return { epoch, batches: [], lastTimestampMs: 0 };
}

/** Sequences run to 2^31 - 1 and begin again at 0. */
function lastSequenceOf(batch: RecordBatch): number {
  const last = batch.baseSequence + batch.lastOffsetDelta;
  return last > maxSequence ? last - maxSequence - 1 : last;
}

function outOfOrder(batch: RecordBatch, expected: number): KafkaError {
  return new KafkaError(
    ErrorCode.outOfOrderSequenceNumber,
    `producer ${batch.producerId} sent sequence ${batch.baseSequence} where ${expected} was next`,
  );
}
