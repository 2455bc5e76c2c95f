import type { ConsumedRecord, RecordBatch, UnreadableRange } from '@millrace/streams';
import { type AbortedTransaction, AbortedTransactions } from './aborted-transactions.ts';
import { BatchHeader, commonBytes, endOfBatch, headerBytes, soundBatchAfter } from './batch-header.ts';
import { decompress } from './compression/decompress.ts';
import { readRecords } from './record-batch-decoder.ts';

/** What a fetch brought of one partition. */
export interface RecordSet {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
  /** The end of what may be read: for read_committed, the last stable offset. */
  readonly end: bigint;
  /** Whose records are left out; empty where those of open and aborted transactions are read, too. */
  readonly aborted: readonly AbortedTransaction[];
}

export interface DecodedSet {
  /** Null where the set has no whole batch. */
  readonly batch: RecordBatch | null;
  /** Where the set begins with a damaged batch that was to be waited for: what is wrong with it. */
  readonly damage: string | null;
}

/**
 * Decodes the batches of a fetched record set into one batch, leaving out records below `position` (a fetch returns whole batches), control
 * batches and what was aborted. A batch cut off at the end is left for the next fetch.
 *
 * What a sound batch holds that cannot be read is told as unreadable. `damaged` says what is done with a batch that is not as it was written:
 * `wait` ends before it, as the next fetch may bring it whole; `pass` tells it as unreadable and goes on behind it.
 */
export function decodeRecordSet(set: RecordSet, position: bigint, damaged: 'wait' | 'pass'): DecodedSet {
  const reading = new Reading(set, position);
  const { bytes } = set;
  while (reading.at < bytes.length) {
    const { at } = reading;
    const format = bytes[at + 16];
    const end = at + commonBytes <= bytes.length ? endOfBatch(bytes, at) : Number.POSITIVE_INFINITY;
    const isWhole = end <= bytes.length && at + (format === 2 ? headerBytes : commonBytes) <= bytes.length;
    // A fetch cuts off no first batch: that one lies about its length.
    if (!isWhole && end > at && at > 0) break;
    const header = at + headerBytes <= bytes.length ? new BatchHeader(bytes, at) : null;
    if (format === 2 && header?.isSound) reading.batch(header);
    else if (isWhole && (format === 0 || format === 1) && end >= at + commonBytes) reading.oldFormat(format, end);
    else {
      const isHeaded = isWhole && format === 2 && end >= at + headerBytes;
      const damage = isHeaded ? 'its checksum does not match' : 'its header is damaged';
      if (damaged === 'pass') reading.damaged(header, damage);
      else if (reading.any) break;
      else return { batch: null, damage };
    }
  }
  return { batch: reading.result(), damage: null };
}

/** One pass over a set. */
class Reading {
  /** The place of the next batch. */
  at = 0;
  readonly #set: RecordSet;
  readonly #position: bigint;
  readonly #aborted: AbortedTransactions;
  readonly #records: ConsumedRecord[] = [];
  readonly #unreadable: UnreadableRange[] = [];
  #baseOffset: bigint | null = null;
  #nextOffset: bigint;

  constructor(set: RecordSet, position: bigint) {
    this.#set = set;
    this.#position = position;
    this.#nextOffset = position;
    this.#aborted = new AbortedTransactions(set.aborted);
  }

  get any(): boolean {
    return this.#baseOffset !== null;
  }

  result(): RecordBatch | null {
    if (this.#baseOffset === null) return null;
    const { topic, partition, end } = this.#set;
    const batch = {
      topic,
      partition,
      baseOffset: this.#baseOffset,
      records: this.#records,
      nextOffset: this.#nextOffset,
      highWatermark: end,
      sizeBytes: this.at,
    };
    return this.#unreadable.length === 0 ? batch : { ...batch, unreadable: this.#unreadable };
  }

  batch(header: BatchHeader): void {
    this.#baseOffset ??= header.offset;
    if (!this.#aborted.covers(header) && !header.isControl) this.#read(header, this.#baseOffset);
    if (header.nextOffset > this.#nextOffset) this.#nextOffset = header.nextOffset;
    this.at = header.end;
  }

  oldFormat(format: number, end: number): void {
    const next = this.#set.bytes.readBigInt64BE(this.at) + 1n;
    this.#pass(next, -1, `it has Kafka's record format ${format} of before 2017; only 2 is read`);
    this.at = end;
  }

  damaged(header: BatchHeader | null, reason: string): void {
    const { bytes } = this.#set;
    const next = soundBatchAfter(bytes, this.at, this.#nextOffset);
    const to = next?.offset ?? behindDamage(header, this.#nextOffset);
    this.#pass(to, header?.plausibleMs ?? -1, reason);
    this.at = next?.at ?? bytes.length;
  }

  #read(header: BatchHeader, baseOffset: bigint): void {
    const { at, end, codec, firstMs, appendedMs, count, offset } = header;
    const { bytes } = this.#set;
    const records = this.#records;
    const before = records.length;
    try {
      const plain = codec === 0 ? bytes : decompress(codec, bytes.subarray(at + headerBytes, end));
      const deltas = { offset: Number(offset - baseOffset), first: Number(this.#position - baseOffset) };
      const context = { count, deltas, firstMs, appendedMs, records };
      if (codec === 0) readRecords(plain, at + headerBytes, end, context);
      else readRecords(plain, 0, plain.length, context);
    } catch (error) {
      records.length = before;
      if (offset > this.#nextOffset) this.#nextOffset = offset;
      this.#pass(header.nextOffset, header.plausibleMs, error instanceof Error ? error.message : String(error));
    }
  }

  /** Everything up to `to` cannot be read. */
  #pass(to: bigint, timestampMs: number, reason: string): void {
    this.#baseOffset ??= this.#position;
    if (to <= this.#nextOffset) return;
    this.#unreadable.push({ from: this.#nextOffset, to, timestampMs, reason });
    this.#nextOffset = to;
  }
}

/** Where reading goes on behind a damaged batch that is the last of its set: behind its last offset, if what it says makes sense; else one on. */
function behindDamage(header: BatchHeader | null, position: bigint): bigint {
  if (header === null) return position + 1n;
  const { offset, nextOffset, count } = header;
  const makesSense = offset <= position && nextOffset > position && BigInt(count) === nextOffset - offset;
  return makesSense ? nextOffset : position + 1n;
}
