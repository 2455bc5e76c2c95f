import type { RecordBatch, RecordHeaders } from '../record.ts';

export interface StoredRecord {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders;
}

/** One partition's log: offsets rise, and may have gaps after `compact` or `skip`. */
export class MemoryLog {
  readonly topic: string;
  readonly partition: number;
  #records: StoredRecord[] = [];
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

  get records(): readonly StoredRecord[] {
    return this.#records;
  }

  append(record: Omit<StoredRecord, 'offset'>): bigint {
    const offset = this.#latest++;
    this.#records.push({ ...record, offset });
    return offset;
  }

  /** Uses up offsets without records, as transaction markers do. */
  skip(offsets: bigint): void {
    this.#latest += offsets;
  }

  /** Deletes what lies before `offset`, as retention does. */
  truncateBefore(offset: bigint): void {
    this.#records = this.#records.slice(this.#indexOf(offset));
    if (offset > this.#earliest) this.#earliest = offset;
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

  /** Records in `[from, to)`, at most `maxRecords` and about `maxBytes`; null where only gaps are left. */
  read(from: bigint, to: bigint, maxRecords: number, maxBytes: number): RecordBatch | null {
    const start = this.#indexOf(from);
    const first = this.#records[start];
    if (!first || first.offset >= to) return null;
    const records: RecordBatch['records'][number][] = [];
    let sizeBytes = 0;
    let at = start;
    for (; at < this.#records.length && records.length < maxRecords; at++) {
      const record = this.#records[at];
      if (!record || record.offset >= to) break;
      const size = (record.key?.length ?? 0) + (record.value?.length ?? 0) + 16;
      if (records.length > 0 && sizeBytes + size > maxBytes) break;
      sizeBytes += size;
      const { offset, ...rest } = record;
      records.push({ ...rest, delta: Number(offset - first.offset) });
    }
    const next = this.#records[at];
    return {
      topic: this.topic,
      partition: this.partition,
      baseOffset: first.offset,
      records,
      nextOffset: next && next.offset < to ? next.offset : to,
      highWatermark: this.#latest,
      sizeBytes,
    };
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
