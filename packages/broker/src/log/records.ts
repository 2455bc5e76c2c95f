/**
 * The records inside a batch. Producing and fetching never look at them; looking up a time, reading a control marker
 * and compaction do.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { batchHeaderBytes, RecordBatch } from './record-batch.ts';

export interface BatchRecord {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The record's own bytes, its length in front, to be written back as they are. */
  readonly bytes: Buffer;
}

/** What a compressed batch may grow to; one that would grow further is not looked into. */
const maxPayloadBytes = 256 * 1024 * 1024;

/**
 * The records, or undefined when the batch uses a compression that Node can't undo (snappy, lz4, zstd), or when its
 * producer wrote, under a good checksum, what are no records: such a batch is served as it is, and left alone.
 */
export function decodeRecords(batch: RecordBatch): BatchRecord[] | undefined {
  try {
    const payload = decompress(batch);
    return payload === undefined ? undefined : readRecords(batch, payload);
  } catch {
    return undefined;
  }
}

function readRecords(batch: RecordBatch, payload: Buffer): BatchRecord[] {
  const { baseOffset, baseTimestampMs } = batch;
  const appendTimeMs = batch.hasAppendTime ? batch.maxTimestampMs : undefined;
  const records: BatchRecord[] = [];
  const cursor = { bytes: payload, at: 0 };
  for (let left = batch.recordCount; left > 0; left -= 1) {
    const start = cursor.at;
    const lengthBytes = varint(cursor);
    const end = cursor.at + lengthBytes;
    if (lengthBytes < 0 || end > payload.length) throw new RangeError(`a record of ${lengthBytes} bytes`);
    cursor.at += 1; // attributes, of which none is in use
    const timestampMs = baseTimestampMs + varint(cursor);
    const offset = baseOffset + BigInt(varint(cursor));
    const key = byteString(cursor);
    const value = byteString(cursor);
    records.push({ offset, timestampMs: appendTimeMs ?? timestampMs, key, value, bytes: payload.subarray(start, end) });
    cursor.at = end;
  }
  return records;
}

function decompress(batch: RecordBatch): Buffer | undefined {
  switch (batch.compression) {
    case 'none':
      return batch.payload;
    case 'gzip':
      return gunzipSync(batch.payload, { maxOutputLength: maxPayloadBytes });
    default:
      return undefined;
  }
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

/** A zigzag base-128 number of up to 64 bits; timestamps and offsets deltas stay below 2^53. */
function varint(cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = cursor.bytes.readUInt8(cursor.at);
    cursor.at += 1;
    value += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  throw new RangeError('a varint is longer than 10 bytes');
}

function byteString(cursor: Cursor): Buffer | null {
  const lengthBytes = varint(cursor);
  if (lengthBytes < 0) return null;
  if (cursor.at + lengthBytes > cursor.bytes.length) throw new RangeError(`a string of ${lengthBytes} bytes`);
  const value = cursor.bytes.subarray(cursor.at, cursor.at + lengthBytes);
  cursor.at += lengthBytes;
  return value;
}

/**
 * The batch with only `kept` of its records, each with the offset, time and bytes it had; first and last offset,
 * producer and sequence stay, so that the batch still covers the offsets it covered.
 */
export function withRecords(batch: RecordBatch, kept: readonly BatchRecord[]): RecordBatch {
  const joined = Buffer.concat(kept.map((record) => record.bytes));
  const payload = batch.compression === 'gzip' && kept.length > 0 ? gzipSync(joined) : joined;
  const bytes = Buffer.concat([batch.bytes.subarray(0, batchHeaderBytes), payload]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  if (kept.length === 0) bytes.writeInt16BE(batch.attributes & ~7, 21);
  bytes.writeInt32BE(kept.length, 57);
  const rebuilt = new RecordBatch(bytes);
  rebuilt.sealCrc();
  return rebuilt;
}
