/**
 * One file of a partition's log: whole record batches, end to end, as they were produced. Its name is its base
 * offset. A checkpoint file beside it holds the index of a prefix, so that opening it reads only the rest.
 */
import type { Disk, DiskFile } from '../disk/disk.ts';
import { readSealed, writeSealed } from '../disk/sealed-file.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { OffsetIndex, type OffsetIndexImage } from './offset-index.ts';
import type { ProducerSnapshot } from './producer-state.ts';
import { batchHeaderBytes, RecordBatch } from './record-batch.ts';

/** What a checkpoint saves of a segment's first `coveredBytes`, and of the producers as they stood at that point. */
export interface Checkpoint {
  readonly coveredBytes: number;
  readonly nextOffset: string;
  readonly firstTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly index: OffsetIndexImage;
  readonly producers: ProducerSnapshot;
}

/** How much is read at a time when looking through batch headers. */
const scanChunkBytes = 1024 * 1024;

export class Segment {
  readonly baseOffset: bigint;
  readonly #disk: Disk;
  readonly #path: string;
  readonly #file: DiskFile;
  #index = new OffsetIndex();
  #nextOffset: bigint;
  #firstTimestampMs = -1;
  #maxTimestampMs = -1;

  private constructor(disk: Disk, path: string, file: DiskFile, baseOffset: bigint) {
    this.#disk = disk;
    this.#path = path;
    this.#file = file;
    this.baseOffset = baseOffset;
    this.#nextOffset = baseOffset;
  }

  /**
   * Opens or creates the file; what it holds is unknown until `restore` or `note` has told. A draft lies beside the segment
   * of the same base offset, which it is to replace.
   */
  static async open(disk: Disk, folder: string, baseOffset: bigint, isDraft = false): Promise<Segment> {
    const path = `${folder}/${segmentName(baseOffset)}${isDraft ? draftSuffix : ''}`;
    return new Segment(disk, path, await disk.open(`${path}.log`), baseOffset);
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes;
  }
  /** The offset after its last record. */
  get nextOffset(): bigint {
    return this.#nextOffset;
  }
  /** -1 while it is empty; so is the one below. */
  get firstTimestampMs(): number {
    return this.#firstTimestampMs;
  }
  get maxTimestampMs(): number {
    return this.#maxTimestampMs;
  }

  /** Appends placed batches in one write. When it throws, the segment is as before. */
  async append(...batches: readonly RecordBatch[]): Promise<void> {
    let position = this.#file.sizeBytes;
    try {
      await this.#file.append(batches.map(({ bytes }) => bytes));
    } catch (error) {
      await this.#file.truncate(position).catch(() => {}); // The write's failure is the one to tell; recovery truncates too.
      throw error;
    }
    for (const batch of batches) {
      this.note(batch, position);
      position += batch.sizeBytes;
    }
  }

  /** Takes into the index a batch that stands at `position`. */
  note(batch: RecordBatch, position: number): void {
    const maxTimestampMs = batch.maxTimestampMs;
    this.#index.note(Number(batch.baseOffset - this.baseOffset), position, this.#maxTimestampMs);
    this.#nextOffset = batch.lastOffset + 1n;
    if (this.#firstTimestampMs < 0) this.#firstTimestampMs = maxTimestampMs;
    if (maxTimestampMs > this.#maxTimestampMs) this.#maxTimestampMs = maxTimestampMs;
  }

  /** Makes it stand for all offsets before `nextOffset`, though the last of them have no record any more. */
  coverUpTo(nextOffset: bigint): void {
    this.#nextOffset = nextOffset;
  }

  /**
   * Whole batches from the one that holds `offset` up to, not including, the one that begins at `endOffset`; at most
   * `maxBytes`, except that `alwaysOne` takes the first batch however large it is. Null when the segment has no batch
   * there; empty when it has one that is too large. Throws CORRUPT_MESSAGE when what stands there is no batch.
   */
  async read(offset: bigint, endOffset: bigint, maxBytes: number, alwaysOne: boolean): Promise<Buffer | null> {
    let position = this.#index.positionOf(Number(offset - this.baseOffset));
    while (position + batchHeaderBytes <= this.#file.sizeBytes) {
      const chunk = await this.#file.read(position, maxBytes + scanSlackBytes);
      let at = 0;
      for (; at + batchHeaderBytes <= chunk.length; at += new RecordBatch(chunk, at).sizeBytes) {
        const batch = new RecordBatch(chunk, at);
        if (!this.#isPlausible(batch)) throw this.#damagedAt(position + at);
        if (batch.lastOffset < offset) continue;
        const { sizeBytes } = batch;
        if (batch.baseOffset >= endOffset) return null;
        if (sizeBytes > maxBytes && !alwaysOne) return empty;
        if (at + sizeBytes > chunk.length) return this.#file.read(position + at, sizeBytes);
        return this.#trimToBatches(chunk, at, endOffset, maxBytes);
      }
      position += at;
    }
    return null;
  }

  /**
   * The batches from a position on, each whole and in order, to the end of the file. Throws CORRUPT_MESSAGE where what
   * follows is no whole batch: for a segment that is written to after a crash, that is where it is torn.
   */
  async *batches(fromPosition = 0): AsyncGenerator<{ readonly batch: RecordBatch; readonly position: number }> {
    let position = fromPosition;
    let wantedBytes = scanChunkBytes;
    while (position < this.#file.sizeBytes) {
      const chunk = await this.#file.read(position, wantedBytes);
      let at = 0;
      while (at + batchHeaderBytes <= chunk.length) {
        const batch = new RecordBatch(chunk, at);
        const { sizeBytes } = batch;
        const isWhole = isBatchHeader(batch) && position + at + sizeBytes <= this.#file.sizeBytes;
        if (!isWhole) throw this.#damagedAt(position + at);
        if (at + sizeBytes > chunk.length) break;
        yield { batch, position: position + at };
        at += sizeBytes;
      }
      position += at;
      if (at === 0 && chunk.length < batchHeaderBytes) throw this.#damagedAt(position);
      wantedBytes = at > 0 ? scanChunkBytes : new RecordBatch(chunk).sizeBytes; // A batch larger than the chunk.
    }
  }

  /** All batches, to be written anew: throws CORRUPT_MESSAGE also where a checksum is wrong, which a new one would hide. */
  async *soundBatches(): AsyncGenerator<RecordBatch> {
    for await (const { batch, position } of this.batches()) {
      if (!batch.crcHolds) throw this.#damagedAt(position);
      yield batch;
    }
  }

  /** The batches of which the first can hold a record of `timestampMs` or later. */
  batchesFromTime(timestampMs: number): AsyncGenerator<{ readonly batch: RecordBatch; readonly position: number }> {
    return this.batches(this.#index.positionOfTime(timestampMs));
  }

  async truncate(sizeBytes: number): Promise<void> {
    await this.#file.truncate(sizeBytes);
  }

  async sync(): Promise<void> {
    await this.#file.sync();
  }

  /** `isDurable` when the log itself can't tell any more what it says: it then survives a power cut too. */
  async writeCheckpoint(producers: ProducerSnapshot, isDurable = false): Promise<void> {
    const checkpoint: Checkpoint = {
      coveredBytes: this.#file.sizeBytes,
      nextOffset: String(this.#nextOffset),
      firstTimestampMs: this.#firstTimestampMs,
      maxTimestampMs: this.#maxTimestampMs,
      index: this.#index.image(),
      producers,
    };
    await writeSealed(this.#disk, `${this.#path}.checkpoint`, checkpoint, isDurable);
  }

  /** What was saved last; undefined when there is nothing that fits the file. */
  async readCheckpoint(): Promise<Checkpoint | undefined> {
    // Sealed by a checksum over what writeCheckpoint wrote: its shape is known.
    const checkpoint = (await readSealed(this.#disk, `${this.#path}.checkpoint`)) as Checkpoint | undefined;
    return checkpoint === undefined || checkpoint.coveredBytes > this.#file.sizeBytes ? undefined : checkpoint;
  }

  /** Takes over what the checkpoint saved and answers it. */
  async restore(): Promise<Checkpoint | undefined> {
    const checkpoint = await this.readCheckpoint();
    if (checkpoint === undefined) return undefined;
    this.#index = new OffsetIndex(checkpoint.index);
    this.#nextOffset = BigInt(checkpoint.nextOffset);
    this.#firstTimestampMs = checkpoint.firstTimestampMs;
    this.#maxTimestampMs = checkpoint.maxTimestampMs;
    return checkpoint;
  }

  /** Where a reader goes by headers alone: lengths that lie would lead it astray. */
  #isPlausible(batch: RecordBatch): boolean {
    return isBatchHeader(batch) && batch.baseOffset >= this.baseOffset && batch.lastOffset < this.#nextOffset;
  }

  #damagedAt(position: number): KafkaError {
    return new KafkaError(ErrorCode.corruptMessage, `${this.#path}.log is damaged at byte ${position}`);
  }

  #trimToBatches(chunk: Buffer, start: number, endOffset: bigint, maxBytes: number): Buffer {
    let end = start;
    while (end + batchHeaderBytes <= chunk.length) {
      const batch = new RecordBatch(chunk, end);
      if (!this.#isPlausible(batch)) break; // The next read begins there, and tells.
      const next = end + batch.sizeBytes;
      if (batch.baseOffset >= endOffset || next > chunk.length || (next - start > maxBytes && end > start)) break;
      end = next;
    }
    return chunk.subarray(start, end);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async remove(): Promise<void> {
    // In this order a crash in between leaves a segment, which recovery knows what to do with, and not a stray checkpoint.
    await this.#disk.remove(`${this.#path}.checkpoint`);
    await this.#disk.remove(`${this.#path}.log`);
    await this.#file.close();
  }
}

function isBatchHeader({ magic, sizeBytes, lastOffsetDelta }: RecordBatch): boolean {
  return magic === 2 && sizeBytes >= batchHeaderBytes && lastOffsetDelta >= 0;
}

const empty = Buffer.alloc(0);

/** Read beyond what was asked for, to reach the wanted batch from its index entry in the same read. */
const scanSlackBytes = 20 * 1024;

/** What the names of a draft's files have behind the digits. */
export const draftSuffix = '.cleaned';

/** 20 digits, as Kafka names them, so that names sort as offsets do. */
export function segmentName(baseOffset: bigint): string {
  return String(baseOffset).padStart(20, '0');
}
