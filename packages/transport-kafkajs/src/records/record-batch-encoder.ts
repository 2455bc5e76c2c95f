import type { ProducedRecord, RecordHeaders } from '@millrace/streams';
import { crc32c } from './crc32c.ts';

/** Who wrote a batch, for the broker to drop what it already has; −1, −1, −1 without idempotence. */
export interface ProducerStamp {
  readonly producerId: bigint;
  readonly epoch: number;
  readonly baseSequence: number;
}

const headerBytes = 61;
const headerOfLog = 12;

/** One record batch (magic 2, uncompressed) in one buffer, ready for a Produce request. */
export function encodeRecordBatch(records: readonly ProducedRecord[], stamp: ProducerStamp): Buffer {
  const first = records[0];
  if (first === undefined) throw new Error('a record batch needs a record');
  const firstMs = first.timestampMs;
  let maxMs = firstMs;
  let size = headerBytes;
  const bodies = new Int32Array(records.length);
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!; // i < length
    if (record.timestampMs > maxMs) maxMs = record.timestampMs;
    const body = bodySize(record, record.timestampMs - firstMs, i);
    bodies[i] = body;
    size += varintSize(zigzag(body)) + body;
  }
  const bytes = Buffer.allocUnsafe(size);
  bytes.writeBigInt64BE(0n, 0);
  bytes.writeInt32BE(size - headerOfLog, 8);
  bytes.writeInt32BE(-1, 12); // partition leader epoch: the broker's to set
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(0, 21);
  bytes.writeInt32BE(records.length - 1, 23);
  bytes.writeBigInt64BE(BigInt(firstMs), 27);
  bytes.writeBigInt64BE(BigInt(maxMs), 35);
  bytes.writeBigInt64BE(stamp.producerId, 43);
  bytes.writeInt16BE(stamp.epoch, 51);
  bytes.writeInt32BE(stamp.baseSequence, 53);
  bytes.writeInt32BE(records.length, 57);
  let at = headerBytes;
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!; // i < length
    at = writeVarint(bytes, at, zigzag(bodies[i]!)); // one body size a record
    bytes[at++] = 0; // attributes: none are defined
    at = writeVarlong(bytes, at, record.timestampMs - firstMs);
    at = writeVarint(bytes, at, zigzag(i));
    at = writeBytes(bytes, at, record.key);
    at = writeBytes(bytes, at, record.value);
    at = record.headers === undefined ? writeVarint(bytes, at, 0) : writeHeaders(bytes, at, record.headers);
  }
  bytes.writeUInt32BE(crc32c(bytes, 21, size), 17);
  return bytes;
}

/** What a record adds to a batch, at most, bytes. */
export function recordSizeBound(record: ProducedRecord): number {
  let size = 36 + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  if (record.headers !== undefined) size += headersSize(record.headers);
  return size;
}

function bodySize(record: ProducedRecord, timestampDelta: number, index: number): number {
  return (
    1 +
    varlongSize(timestampDelta) +
    varintSize(zigzag(index)) +
    bytesSize(record.key) +
    bytesSize(record.value) +
    (record.headers === undefined ? 1 : headersSize(record.headers))
  );
}

const bytesSize = (bytes: Buffer | null): number =>
  bytes === null ? 1 : varintSize(zigzag(bytes.length)) + bytes.length;

function headersSize(headers: RecordHeaders): number {
  let size = varintSize(zigzag(headers.length));
  for (const [name, value] of headers) {
    const nameBytes = Buffer.byteLength(name);
    size += varintSize(zigzag(nameBytes)) + nameBytes + bytesSize(value);
  }
  return size;
}

function writeHeaders(bytes: Buffer, start: number, headers: RecordHeaders): number {
  let at = writeVarint(bytes, start, zigzag(headers.length));
  for (const [name, value] of headers) {
    at = writeVarint(bytes, at, zigzag(Buffer.byteLength(name)));
    at += bytes.write(name, at);
    at = writeBytes(bytes, at, value);
  }
  return at;
}

function writeBytes(bytes: Buffer, start: number, value: Buffer | null): number {
  if (value === null) {
    bytes[start] = 1; // −1
    return start + 1;
  }
  const at = writeVarint(bytes, start, zigzag(value.length));
  bytes.set(value, at);
  return at + value.length;
}

const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;

function varintSize(unsigned: number): number {
  let size = 1;
  for (let rest = unsigned; rest > 127; rest >>>= 7) size++;
  return size;
}

function writeVarint(bytes: Buffer, start: number, unsigned: number): number {
  let at = start;
  let rest = unsigned;
  for (; rest > 127; rest >>>= 7) bytes[at++] = (rest & 127) | 128;
  bytes[at++] = rest;
  return at;
}

/** Zigzag of a whole number below 2^52 either way, without bit operations: those stop at 32 bits. */
const zigzagLong = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

function varlongSize(value: number): number {
  let size = 1;
  for (let rest = zigzagLong(value); rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}

function writeVarlong(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = zigzagLong(value);
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128;
  bytes[at++] = rest;
  return at;
}
