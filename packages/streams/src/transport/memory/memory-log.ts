import { type ConsumedRecord, keepUnreadable, type RecordBatch, type UnreadableRange } from '../record.ts';
import type { RecordHeaders } from '../record-headers.ts';
import type { MemoryTransaction } from './memory-transaction.ts';

export interface StoredRecord {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders;
  /** Absent: it counts at once. */
  readonly transaction?: MemoryTransaction;
}

/** One partition's log: offsets rise, and may have gaps after `compact` or `skip`. */
export class MemoryLog {
  readonly topic: string;
  readonly partition: number;
  #records: StoredRecord[] = [];
  /** Transactions that were open when last looked at, with their first offset here, in the order of these. */
  #open: { readonly transaction: MemoryTransaction; readonly offset: bigint }[] = [];
  #unreadable: readonly UnreadableRange[] = [];
  #earliest = 0n;
  #latest = 0n;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  get earliest(): bigint {
    return this.#earliest;
  }

  get latest(): bigint {
    return this.#latest;
  }

  /** The end of what may be read: an open transaction holds back itself and all behind it. */
  end(uncommitted: boolean): bigint {
    if (uncommitted) return this.#latest;
    this.#open = this.#open.filter(({ transaction }) => transaction.state === 'open');
    return this.#open[0]?.offset ?? this.#latest;
  }

  get records(): readonly StoredRecord[] {
    return this.#records;
  }

  append(record: Omit<StoredRecord, 'offset'>): bigint {
    const offset = this.#latest++;
    const { transaction } = record;
    if (transaction && !this.#open.some((open) => open.transaction === transaction))
      this.#open.push({ transaction, offset });
    this.#records.push({ ...record, offset });
    return offset;
  }

  /** Uses up offsets without records, as transaction markers do. */
  skip(offsets: bigint): void {
    this.#latest += offsets;
  }

  /** From now on what is in `[from, to)` cannot be read, for this reason. */
  damage(from: bigint, to: bigint, reason: string): void {
    this.#unreadable = [...this.#unreadable, { from, to, timestampMs: -1, reason }];
  }

  /** Deletes what lies before `offset`, as retention does. */
  truncateBefore(offset: bigint): void {
    this.#records = this.#records.slice(this.#indexOf(offset));
    if (offset > this.#earliest) this.#earliest = offset;
  }

  /** Loses what lies from `offset` on, as a broker may that was not in step with the others when it became the leader. */
  truncateFrom(offset: bigint): void {
    this.#records = this.#records.slice(0, this.#indexOf(offset));
    if (offset < this.#latest) this.#latest = offset;
  }

  /** Keeps the newest record of each key below `before`; records without a key stay. */
  compact(before: bigint = this.#latest): void {
    const newest = new Map<string, bigint>();
    for (const record of this.#records) {
      if (record.key) newest.set(record.key.toString('latin1'), record.offset);
    }
    this.#records = this.#records.filter(
      (record) => record.offset >= before || !record.key || newest.get(record.key.toString('latin1')) === record.offset,
    );
  }

  /** What may be read in `[from, to)`, at most `maxRecords` and about `maxBytes`; null where that is nothing, not even a gap. */
  read(from: bigint, to: bigint, maxRecords: number, maxBytes: number, uncommitted: boolean): RecordBatch | null {
    if (from >= to) return null;
    const records: ConsumedRecord[] = [];
    let nextOffset = to;
    let sizeBytes = 0;
    for (let at = this.#indexOf(from); at < this.#records.length; at++) {
      const record = this.#records[at];
      if (!record || record.offset >= to) break;
      const { offset, transaction, ...rest } = record;
      if (!uncommitted && transaction?.state === 'aborted') continue;
      if (this.#unreadable.some((range) => range.from <= offset && offset < range.to)) continue;
      const size = (record.key?.length ?? 0) + (record.value?.length ?? 0) + 16;
      if (records.length === maxRecords || (records.length > 0 && sizeBytes + size > maxBytes)) {
        nextOffset = offset;
        break;
      }
      sizeBytes += size;
      records.push({ ...rest, delta: Number(offset - from) });
    }
    const { topic, partition } = this;
    const highWatermark = this.end(uncommitted);
    const batch = { topic, partition, baseOffset: from, records, nextOffset, highWatermark, sizeBytes };
    if (this.#unreadable.length === 0) return batch;
    return keepUnreadable(
      { ...batch, unreadable: this.#unreadable },
      (range) => range.from >= from && range.from < nextOffset,
    );
  }

  /** The offset of the first record at or after a time; `latest` where there is none. */
  offsetForTime(timestampMs: number): bigint {
    return this.#records.find((record) => record.timestampMs >= timestampMs)?.offset ?? this.#latest;
  }

  /** Index of the first record at or after `offset`. */
  #indexOf(offset: bigint): number {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const record = this.#records[middle];
      if (record && record.offset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
