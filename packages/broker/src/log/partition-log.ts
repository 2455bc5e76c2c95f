/**
 * One partition: segments in the order of their offsets, the last of which is written to. Appends are made one at a
 * time and are visible once they have reached the disk, so the high watermark is the end of the log; reads go on
 * meanwhile, from the disk, as bytes.
 */
import { must } from '../assert.ts';
import type { Clock } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import { writeSealed } from '../disk/sealed-file.ts';
import { type LogLine, reasonOf } from '../log-line.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { controlBatch } from './control-batch.ts';
import type { LogConfig } from './log-config.ts';
import { recoverLog } from './log-recovery.ts';
import type { AbortedTransaction, ControlMarker, ProducerState } from './producer-state.ts';
import type { RecordBatch } from './record-batch.ts';
import { Segment } from './segment.ts';
import { Serial } from './serial.ts';

/** Everything a log is handed: where it lives, and what it may use. */
export interface LogEnvironment {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: LogLine;
  readonly folder: string;
  /** For messages: `topic-partition`. */
  readonly name: string;
  /** Read anew at every use: settings change while the log is open. */
  readonly config: () => LogConfig;
}

export type Isolation = 'read-uncommitted' | 'read-committed';

export interface Appended {
  readonly baseOffset: bigint;
  /** -1 when records keep the time of their creation. */
  readonly appendTimeMs: number;
}

/** Every partition has only ever had one leader. */
export const leaderEpoch = 0;

export class PartitionLog {
  readonly #environment: LogEnvironment;
  readonly #writes = new Serial();
  readonly #listeners = new Set<(addedBytes: number) => void>();
  readonly #producers: ProducerState;
  #segments: Segment[];
  #startOffset: bigint;
  #endOffset: bigint;
  #closed = false;

  private constructor(environment: LogEnvironment, segments: Segment[], producers: ProducerState, startOffset: bigint) {
    this.#environment = environment;
    this.#segments = segments;
    this.#producers = producers;
    this.#endOffset = this.#active.nextOffset;
    this.#startOffset = startOffset > this.#endOffset ? this.#endOffset : startOffset;
  }

  /** Opens the log in its folder, repaired where a crash has torn it, or begins an empty one. */
  static async open(environment: LogEnvironment): Promise<PartitionLog> {
    const { segments, producers, startOffset } = await recoverLog(environment);
    return new PartitionLog(environment, segments, producers, startOffset);
  }

  get startOffset(): bigint {
    return this.#startOffset;
  }
  /** The offset that the next record will have, which is the high watermark too. */
  get endOffset(): bigint {
    return this.#endOffset;
  }
  /** Before it, every transaction is decided. */
  get stableOffset(): bigint {
    return this.#producers.firstOpenOffset ?? this.#endOffset;
  }
  get sizeBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  }
  get config(): LogConfig {
    return this.#environment.config();
  }
  /** Oldest first; the last is being written to. For lookups and housekeeping. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }
  get producers(): ProducerState {
    return this.#producers;
  }
  get environment(): LogEnvironment {
    return this.#environment;
  }

  /**
   * Writes a batch from a producer, patched with its place. `admit` is called when it is the batch's turn, and throws
   * what forbids it. Throws KafkaError: what ProducerState.check throws, INVALID_TIMESTAMP, and KAFKA_STORAGE_ERROR
   * when the disk refuses; the log is then as before.
   */
  append(batch: RecordBatch, admit?: () => void): Promise<Appended> {
    return this.#writes.run(async () => {
      admit?.();
      const repeated = this.#producers.check(batch);
      if (repeated !== null) return { baseOffset: repeated, appendTimeMs: -1 };
      const { appendTime } = this.config;
      const nowMs = this.#environment.clock.now();
      if (appendTime) batch.stampAppendTime(nowMs);
      else this.#checkTimestamp(batch, nowMs);
      const baseOffset = await this.#write(batch, null, nowMs);
      return { baseOffset, appendTimeMs: appendTime ? nowMs : -1 };
    });
  }

  /** Ends a producer's transaction in this partition and wakes those who wait for the stable offset. */
  appendMarker(producerId: bigint, epoch: number, marker: ControlMarker): Promise<void> {
    return this.#writes.run(async () => {
      const nowMs = this.#environment.clock.now();
      await this.#write(controlBatch(producerId, epoch, marker, nowMs), marker, nowMs);
    });
  }

  /**
   * Whole batches from the one that holds `offset`, at most `maxBytes` of them; `alwaysOne` takes the first one however
   * large. Empty at the end of what the isolation lets be read. Throws OFFSET_OUT_OF_RANGE, CORRUPT_MESSAGE and
   * KAFKA_STORAGE_ERROR.
   */
  async read(offset: bigint, maxBytes: number, isolation: Isolation, alwaysOne: boolean): Promise<Buffer> {
    if (offset < this.#startOffset || offset > this.#endOffset) {
      throw new KafkaError(
        ErrorCode.offsetOutOfRange,
        `${offset} is not in [${this.#startOffset}, ${this.#endOffset}]`,
      );
    }
    const limit = isolation === 'read-committed' ? this.stableOffset : this.#endOffset;
    for (let from = offset; from < limit; ) {
      const segment = this.#segmentOf(from);
      try {
        const bytes = await segment.read(from, limit, maxBytes, alwaysOne);
        if (bytes !== null) return bytes;
        from = this.#baseAfter(from); // Compaction has emptied the end of the segment.
      } catch (error) {
        // It was retired while it was read: what replaced it has the records.
        if (!this.#closed && !this.#segments.includes(segment)) continue;
        throw this.#readFault(error);
      }
    }
    return Buffer.alloc(0);
  }

  abortedWithin(from: bigint, to: bigint): AbortedTransaction[] {
    return this.#producers.abortedWithin(from, to);
  }

  /** Calls `listener` with the size of each append, and with 0 when only the stable offset moves; answers the end of it. */
  onAppend(listener: (addedBytes: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes `offset` the first that can be read, and removes the segments that lie wholly before it. */
  advanceStart(offset: bigint): Promise<void> {
    return this.#writes.run(async () => {
      if (offset > this.#endOffset) throw new KafkaError(ErrorCode.offsetOutOfRange, `${offset} is past the end`);
      if (offset <= this.#startOffset) return;
      const { disk, folder } = this.#environment;
      await writeSealed(disk, `${folder}/start-offset`, String(offset));
      this.#startOffset = offset;
      const retired = this.#segments.filter((segment) => segment !== this.#active && segment.nextOffset <= offset);
      this.#segments = this.#segments.filter((segment) => !retired.includes(segment));
      for (const segment of retired) await segment.remove();
    });
  }

  /** Begins a new segment, so that the last one may be retired or compacted; nothing happens when it is empty. */
  roll(): Promise<void> {
    return this.#writes.run(async () => {
      if (this.#active.sizeBytes > 0) await this.#roll();
    });
  }

  /** Puts compacted segments in the place of those they were made of; `swap` moves the files. False when one of those is gone. */
  replaceSegments(old: readonly Segment[], swap: () => Promise<Segment[]>): Promise<boolean> {
    return this.#writes.run(async () => {
      if (this.#closed || !old.every((segment) => this.#segments.includes(segment))) return false;
      const replacements = await swap();
      const at = this.#segments.findIndex((segment) => old.includes(segment));
      this.#segments.splice(at, old.length, ...replacements);
      return true;
    });
  }

  /** Saves what makes the next opening fast. Appends afterwards throw. */
  close(): Promise<void> {
    return this.#writes.run(async () => {
      if (this.#closed) return;
      this.#closed = true;
      await this.#active.writeCheckpoint(this.#producers.snapshot());
      for (const segment of this.#segments) await segment.close();
    });
  }

  /** Closes without saving, for a topic that is being deleted; those who wait for appends are woken. */
  abandon(): Promise<void> {
    return this.#writes.run(async () => {
      this.#closed = true;
      for (const segment of this.#segments) await segment.close();
      this.#tell(0);
    });
  }

  get #active(): Segment {
    return must(this.#segments.at(-1), 'a log has a segment');
  }

  async #write(batch: RecordBatch, marker: ControlMarker | null, nowMs: number): Promise<bigint> {
    if (this.#closed) throw new KafkaError(ErrorCode.unknownTopicOrPartition, `${this.#environment.name} is closed`);
    const baseOffset = this.#endOffset;
    batch.place(baseOffset, leaderEpoch);
    try {
      if (this.#isFull(batch)) await this.#roll();
      await this.#active.append(batch);
    } catch (error) {
      this.#environment.log('error', `${this.#environment.name}: a batch could not be written: ${reasonOf(error)}`);
      throw new KafkaError(ErrorCode.storageError, 'the disk refused the batch');
    }
    this.#producers.record(batch, marker, nowMs);
    this.#endOffset = this.#active.nextOffset;
    this.#tell(marker === null ? batch.sizeBytes : 0);
    return baseOffset;
  }

  #isFull(batch: RecordBatch): boolean {
    const { sizeBytes, firstTimestampMs } = this.#active;
    if (sizeBytes === 0) return false;
    const { segmentBytes, segmentMs } = this.config;
    return sizeBytes + batch.sizeBytes > segmentBytes || batch.maxTimestampMs - firstTimestampMs > segmentMs;
  }

  async #roll(): Promise<void> {
    const { disk, folder } = this.#environment;
    await this.#active.writeCheckpoint(this.#producers.snapshot());
    this.#segments.push(await Segment.open(disk, folder, this.#endOffset));
  }

  #readFault(error: unknown): KafkaError {
    const { name, log } = this.#environment;
    if (this.#closed) return new KafkaError(ErrorCode.unknownTopicOrPartition, `${name} is closed`);
    log('error', `${name} could not be read: ${reasonOf(error)}`);
    return error instanceof KafkaError ? error : new KafkaError(ErrorCode.storageError, 'the disk refused to be read');
  }

  #checkTimestamp(batch: RecordBatch, nowMs: number): void {
    const { timestampAfterMaxMs, timestampBeforeMaxMs } = this.config;
    const aheadMs = batch.maxTimestampMs - nowMs;
    if (aheadMs > timestampAfterMaxMs || -aheadMs > timestampBeforeMaxMs) {
      throw new KafkaError(ErrorCode.invalidTimestamp, `timestamp ${batch.maxTimestampMs} is too far from ${nowMs}`);
    }
  }

  #segmentOf(offset: bigint): Segment {
    for (let i = this.#segments.length - 1; i > 0; i -= 1) {
      const segment = must(this.#segments[i], 'i is in range');
      if (segment.baseOffset <= offset) return segment;
    }
    return must(this.#segments[0], 'a log has a segment');
  }

  #baseAfter(offset: bigint): bigint {
    return this.#segments.find(({ baseOffset }) => baseOffset > offset)?.baseOffset ?? this.#endOffset;
  }

  #tell(addedBytes: number): void {
    for (const listener of [...this.#listeners]) listener(addedBytes);
  }
}
