/**
 * The header of a record batch, format v2, as a view: nothing is decoded until it is asked for, and the records
 * behind the header are never parsed here. Base offset and leader epoch lie outside the checksum, so they are
 * patched in place; everything from `attributes` on is covered by it.
 */
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { crc32c } from './crc32c.ts';

export const batchHeaderBytes = 61;
/** Base offset and length: what stands before the bytes that the length counts. */
export const batchPrefixBytes = 12;
const crcFrom = 21;

export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

export class RecordBatch {
  readonly #bytes: Buffer;
  readonly #at: number;

  /** A view of the batch that begins at `at`; at least its header must lie within `bytes`. */
  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get baseOffset(): bigint {
    return this.#bytes.readBigInt64BE(this.#at);
  }
  /** The size of the whole batch, prefix included. */
  get sizeBytes(): number {
    return this.#bytes.readInt32BE(this.#at + 8) + batchPrefixBytes;
  }
  get magic(): number {
    return this.#bytes.readInt8(this.#at + 16);
  }
  get crc(): number {
    return this.#bytes.readUInt32BE(this.#at + 17);
  }
  get attributes(): number {
    return this.#bytes.readInt16BE(this.#at + 21);
  }
  get compression(): Compression | undefined {
    return compressions[this.attributes & 7];
  }
  get hasAppendTime(): boolean {
    return (this.attributes & 8) !== 0;
  }
  get isTransactional(): boolean {
    return (this.attributes & 16) !== 0;
  }
  get isControl(): boolean {
    return (this.attributes & 32) !== 0;
  }
  get lastOffsetDelta(): number {
    return this.#bytes.readInt32BE(this.#at + 23);
  }
  get lastOffset(): bigint {
    return this.baseOffset + BigInt(this.lastOffsetDelta);
  }
  get baseTimestampMs(): number {
    return Number(this.#bytes.readBigInt64BE(this.#at + 27));
  }
  get maxTimestampMs(): number {
    return Number(this.#bytes.readBigInt64BE(this.#at + 35));
  }
  get producerId(): bigint {
    return this.#bytes.readBigInt64BE(this.#at + 43);
  }
  get producerEpoch(): number {
    return this.#bytes.readInt16BE(this.#at + 51);
  }
  get baseSequence(): number {
    return this.#bytes.readInt32BE(this.#at + 53);
  }
  get recordCount(): number {
    return this.#bytes.readInt32BE(this.#at + 57);
  }
  /** The records as they stand, compressed or not. */
  get payload(): Buffer {
    return this.#bytes.subarray(this.#at + batchHeaderBytes, this.#at + this.sizeBytes);
  }
  get bytes(): Buffer {
    return this.#bytes.subarray(this.#at, this.#at + this.sizeBytes);
  }

  get crcHolds(): boolean {
    return crc32c(this.#bytes, this.#at + crcFrom, this.#at + this.sizeBytes) === this.crc;
  }

  /** Gives the batch its place in a log. */
  place(baseOffset: bigint, leaderEpoch: number): void {
    this.#bytes.writeBigInt64BE(baseOffset, this.#at);
    this.#bytes.writeInt32BE(leaderEpoch, this.#at + 12);
  }

  /** Stamps the batch with the time of its append, which is inside the checksum. */
  stampAppendTime(nowMs: number): void {
    this.#bytes.writeInt16BE(this.attributes | 8, this.#at + 21);
    this.#bytes.writeBigInt64BE(BigInt(nowMs), this.#at + 35);
    this.sealCrc();
  }

  sealCrc(): void {
    this.#bytes.writeUInt32BE(crc32c(this.#bytes, this.#at + crcFrom, this.#at + this.sizeBytes), this.#at + 17);
  }
}

/** Whether a whole batch with a plausible header begins at `at`; its checksum is the caller's to verify. */
export function wholeBatchAt(bytes: Buffer, at: number): boolean {
  if (at + batchHeaderBytes > bytes.length) return false;
  const batch = new RecordBatch(bytes, at);
  return batch.magic === 2 && batch.sizeBytes >= batchHeaderBytes && at + batch.sizeBytes <= bytes.length;
}

/** The one batch in the records of a produce request, or the KafkaError that a broker answers for it. */
export function parseProducedBatch(bytes: Buffer | null, maxBatchBytes: number): RecordBatch {
  if (bytes === null || bytes.length < 17) throw invalid(ErrorCode.corruptMessage, 'there is no whole batch');
  if (bytes.length > maxBatchBytes) {
    throw invalid(ErrorCode.messageTooLarge, `the batch is larger than ${maxBatchBytes} bytes`);
  }
  const batch = new RecordBatch(bytes);
  if (batch.magic !== 2) throw invalid(ErrorCode.invalidRecord, `message format v${batch.magic} is not taken`);
  if (!wholeBatchAt(bytes, 0)) throw invalid(ErrorCode.corruptMessage, 'the batch is cut off');
  if (batch.sizeBytes !== bytes.length) throw invalid(ErrorCode.invalidRecord, 'more than one batch for a partition');
  if (!batch.crcHolds) throw invalid(ErrorCode.corruptMessage, 'the checksum of the batch is wrong');
  if (batch.isControl) throw invalid(ErrorCode.invalidRecord, 'clients do not write control batches');
  if (batch.recordCount < 1 || batch.lastOffsetDelta !== batch.recordCount - 1) {
    throw invalid(ErrorCode.invalidRecord, 'the count of records does not match their offsets');
  }
  if (batch.compression === undefined) throw invalid(ErrorCode.invalidRecord, 'an unknown compression');
  return batch;
}

function invalid(code: ErrorCode, message: string): KafkaError {
  return new KafkaError(code, message);
}
