import { type ConsumedRecord, type RecordBatch, type RecordHeaders, TransportError } from '@millrace/streams';
import { crc32c } from './crc32c.ts';
import { decompress } from './decompression.ts';

const headerBytes = 61;
const codecMask = 0x07;
const logAppendTime = 0x08;
const controlBatch = 0x20;

/** What a fetch brought of one partition. */
export interface RecordSet {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
  readonly highWatermark: bigint;
}

/**
 * Decodes the batches of a fetched record set into one batch, leaving out records below `position` (a fetch returns whole batches)
 * and control batches. A batch cut off at the end is left for the next fetch. Null when there is no whole batch.
 * Throws a `TransportError` `corrupt`, its message naming topic, partition and offset.
 */
export function decodeRecordSet(set: RecordSet, position: bigint): RecordBatch | null {
  const { bytes } = set;
  let baseOffset: bigint | null = null;
  let nextOffset = position;
  const records: ConsumedRecord[] = [];
  let at = 0;
  while (at + headerBytes <= bytes.length) {
    const length = bytes.readInt32BE(at + 8);
    const end = at + 12 + length;
    if (end > bytes.length) break;
    const offset = bytes.readBigInt64BE(at);
    const about = `${set.topic}/${set.partition} at offset ${offset}`;
    const magic = bytes[at + 16];
    if (magic !== 2) {
      throw new TransportError(
        'corrupt',
        `${about} has Kafka's record format ${magic} of before 2017; only 2 is read`,
        {
          retriable: false,
        },
      );
    }
    if (length < headerBytes - 12 || crc32c(bytes, at + 21, end) !== bytes.readUInt32BE(at + 17)) {
      throw new TransportError('corrupt', `${about}: the checksum does not match`, { retriable: true });
    }
    const attributes = bytes.readInt16BE(at + 21);
    baseOffset ??= offset;
    if ((attributes & controlBatch) === 0) {
      const codec = attributes & codecMask;
      const plain = codec === 0 ? bytes : decompress(codec, bytes.subarray(at + headerBytes, end), about);
      readRecords(plain, codec === 0 ? at + headerBytes : 0, codec === 0 ? end : plain.length, {
        about,
        count: bytes.readInt32BE(at + 57),
        deltaOffset: Number(offset - baseOffset),
        firstDelta: Number(position - baseOffset),
        firstMs: Number(bytes.readBigInt64BE(at + 27)),
        appendedMs: (attributes & logAppendTime) === 0 ? null : Number(bytes.readBigInt64BE(at + 35)),
        records,
      });
    }
    const next = offset + BigInt(bytes.readInt32BE(at + 23)) + 1n;
    if (next > nextOffset) nextOffset = next;
    at = end;
  }
  if (baseOffset === null) return null;
  const { topic, partition, highWatermark } = set;
  return { topic, partition, baseOffset, records, nextOffset, highWatermark, sizeBytes: at };
}

interface BatchContext {
  readonly about: string;
  readonly count: number;
  /** From the first batch's base offset to this one's. */
  readonly deltaOffset: number;
  /** Records below are left out. */
  readonly firstDelta: number;
  readonly firstMs: number;
  /** Set where the broker's clock stamps all of a batch. */
  readonly appendedMs: number | null;
  readonly records: ConsumedRecord[];
}

function readRecords(bytes: Buffer, start: number, end: number, context: BatchContext): void {
  const { count, deltaOffset, firstDelta, firstMs, appendedMs, records } = context;
  cursor = start;
  for (let i = 0; i < count; i++) {
    const size = readVarint(bytes);
    const recordEnd = cursor + size;
    if (size < 0 || recordEnd > end) {
      throw new TransportError('corrupt', `${context.about}: record ${i} ends beyond its batch`, { retriable: true });
    }
    cursor++; // attributes: none are defined
    const timestampDelta = readVarlong(bytes);
    const delta = readVarint(bytes) + deltaOffset;
    if (delta < firstDelta) {
      cursor = recordEnd;
      continue;
    }
    const timestampMs = appendedMs ?? firstMs + timestampDelta;
    const key = readBytes(bytes);
    const value = readBytes(bytes);
    const headerCount = readVarint(bytes);
    if (headerCount <= 0) records.push({ delta, timestampMs, key, value });
    else records.push({ delta, timestampMs, key, value, headers: readHeaders(bytes, headerCount) });
    cursor = recordEnd;
  }
}

/** Of a name that comes twice, the last one counts, as for Java's `lastHeader`; a null value reads as an empty one. */
function readHeaders(bytes: Buffer, count: number): RecordHeaders {
  const headers: [string, Buffer][] = [];
  for (let i = 0; i < count; i++) {
    const name = readBytes(bytes)?.toString() ?? '';
    headers.push([name, readBytes(bytes) ?? Buffer.alloc(0)]);
  }
  return Object.fromEntries(headers);
}

function readBytes(bytes: Buffer): Buffer | null {
  const length = readVarint(bytes);
  if (length < 0) return null;
  const start = cursor;
  cursor += length;
  return bytes.subarray(start, cursor);
}

// One reader, never re-entered: a position in the module is twice as fast as an object for it.
let cursor = 0;

function readVarint(bytes: Buffer): number {
  let byte = bytes[cursor++] ?? 0;
  if (byte < 128) return (byte >>> 1) ^ -(byte & 1);
  let raw = byte & 127;
  for (let shift = 7; shift < 35; shift += 7) {
    byte = bytes[cursor++] ?? 0;
    raw |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  return (raw >>> 1) ^ -(raw & 1);
}

/** Exact below 2^53. */
function readVarlong(bytes: Buffer): number {
  let byte = bytes[cursor++] ?? 0;
  if (byte < 128) return (byte >>> 1) ^ -(byte & 1);
  let raw = byte & 127;
  for (let scale = 128; scale < 2 ** 64; scale *= 128) {
    byte = bytes[cursor++] ?? 0;
    raw += (byte & 127) * scale;
    if (byte < 128) break;
  }
  return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
}
