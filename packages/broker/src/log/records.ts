/**
 * The records inside a batch. Producing to a topic that is not compacted and fetching never look at them; looking up a
 * time, reading a control marker and compaction do.
 */
import { gzipSync } from 'node:zlib';
import { decompressors } from './compression/decompress.ts';
import { batchHeaderBytes, compressions, RecordBatch } from './record-batch.ts';
import { RecordCursor } from './record-cursor.ts';

export interface BatchRecord {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The record's own bytes, its length in front, to be written back as they are. */
  readonly bytes: Buffer;
}

/** What a compressed batch may grow to; one that would grow further is not looked into. */
const maxPayloadBytes = 64 * 1024 * 1024;

/**
 * The records, or undefined when this Node can't undo their compression (zstd before Node 22.15), or when their producer
 * wrote, under a good checksum, what are no records: such a batch is served as it is, and left alone.
 */
export function decodeRecords(batch: RecordBatch): BatchRecord[] | undefined {
  try {
    const payload = decompress(batch);
    return payload && readRecords(batch, payload);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * The places in the batch, from 0, of the records without a key; undefined when this Node can't undo their compression.
 * Throws RangeError when there are not as many records as the batch says, or no records at all.
 */
export function keylessRecords(batch: RecordBatch): number[] | undefined {
  const payload = decompress(batch);
  if (payload === undefined) return undefined;
  const keyless: number[] = [];
  const cursor = new RecordCursor(payload);
  for (let i = 0; i < batch.recordCount; i += 1) {
    const end = cursor.recordEnd();
    skipToKey(cursor);
    if (cursor.varint() < 0) keyless.push(i);
    cursor.endAt(end);
  }
  return keyless;
}

/**
 * The batch with only `kept`, at least one, of its records, each with the offset, time and bytes it had; first and last
 * offset, producer and sequence stay, so that the batch still covers the offsets it covered.
 *
 * What was compressed is written back as gzip, whatever it was: it is the one compression that every client reads
 * without a library of its own, and that every Node can write.
 */
export function withRecords(batch: RecordBatch, kept: readonly BatchRecord[]): RecordBatch {
  const joined = Buffer.concat(kept.map((record) => record.bytes));
  const codec = batch.compression === 'none' ? 'none' : 'gzip';
  const payload = codec === 'gzip' ? gzipSync(joined) : joined;
  const bytes = Buffer.concat([batch.bytes.subarray(0, batchHeaderBytes), payload]);
  const rebuilt = new RecordBatch(bytes);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt16BE((batch.attributes & ~7) | compressions.indexOf(codec), 21);
  // Looking up the highest time goes by the header: it must be that of a record that is there.
  bytes.writeBigInt64BE(BigInt(kept.reduce((max, { timestampMs }) => Math.max(max, timestampMs), -1)), 35);
  bytes.writeInt32BE(kept.length, 57);
  rebuilt.sealCrc();
  return rebuilt;
}

function decompress(batch: RecordBatch): Buffer | undefined {
  const undo = batch.compression && decompressors[batch.compression];
  return undo?.(batch.payload, maxPayloadBytes);
}

function readRecords(batch: RecordBatch, payload: Buffer): BatchRecord[] {
  const { baseOffset, baseTimestampMs } = batch;
  const appendTimeMs = batch.hasAppendTime ? batch.maxTimestampMs : undefined;
  const records: BatchRecord[] = [];
  const cursor = new RecordCursor(payload);
  for (let left = batch.recordCount; left > 0; left -= 1) {
    const start = cursor.at;
    const end = cursor.recordEnd();
    const { timestampDeltaMs, offsetDelta } = skipToKey(cursor);
    const offset = baseOffset + BigInt(offsetDelta);
    const timestampMs = appendTimeMs ?? baseTimestampMs + timestampDeltaMs;
    // Compaction would take their word for it: a key at an offset that is another's hides what that one says.
    if (offsetDelta < 0 || offsetDelta > batch.lastOffsetDelta) throw new RangeError(`an offset ${offsetDelta} on`);
    if (!Number.isSafeInteger(timestampMs)) throw new RangeError(`a record at ${timestampMs} ms`);
    const key = cursor.byteString();
    const value = cursor.byteString();
    records.push({ offset, timestampMs, key, value, bytes: payload.subarray(start, end) });
    cursor.endAt(end);
  }
  return records;
}

/** Reads what stands between a record's length and its key. */
function skipToKey(cursor: RecordCursor): { readonly timestampDeltaMs: number; readonly offsetDelta: number } {
  cursor.skip(1); // attributes, of which none is in use
  return { timestampDeltaMs: cursor.varint(), offsetDelta: cursor.varint() };
}
