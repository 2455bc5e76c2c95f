import type { ConsumedRecord, RecordHeader, RecordHeaders } from '@millrace/streams';

export interface BatchContext {
  readonly count: number;
  /** As deltas from the first batch of the set: this batch's own offset, and the first record that is wanted. */
  readonly deltas: { readonly offset: number; readonly first: number };
  readonly firstMs: number;
  /** Set where the broker's clock stamps all of a batch. */
  readonly appendedMs: number | null;
  readonly records: ConsumedRecord[];
}

/** Adds the records in `bytes[start, end)` to `context.records`. Throws an Error where they are malformed. */
export function readRecords(bytes: Buffer, start: number, end: number, context: BatchContext): void {
  const { count, deltas, firstMs, appendedMs, records } = context;
  cursor = start;
  if (count < 0) throw new Error(`it says it has ${count} records`);
  for (let i = 0; i < count; i++) {
    const size = readVarint(bytes);
    const recordEnd = cursor + size;
    if (size < 0 || recordEnd > end) throw new Error(`its record ${i + 1} of ${count} ends beyond it`);
    cursor++; // attributes: none are defined
    const timestampDelta = readVarlong(bytes);
    const delta = readVarint(bytes) + deltas.offset;
    if (delta < deltas.first) {
      cursor = recordEnd;
      continue;
    }
    const timestampMs = appendedMs ?? firstMs + timestampDelta;
    const key = readBytes(bytes);
    const value = readBytes(bytes);
    const headerCount = readVarint(bytes);
    if (cursor > recordEnd || headerCount > size) throw new Error(`its record ${i + 1} of ${count} is malformed`);
    if (headerCount <= 0) records.push({ delta, timestampMs, key, value });
    else records.push({ delta, timestampMs, key, value, headers: readHeaders(bytes, headerCount) });
    if (cursor > recordEnd) throw new Error(`its record ${i + 1} of ${count} is malformed`);
    cursor = recordEnd;
  }
  if (cursor !== end) throw new Error(`it goes on behind its ${count} records`);
}

function readHeaders(bytes: Buffer, count: number): RecordHeaders {
  const headers: RecordHeader[] = [];
  for (let i = 0; i < count; i++) {
    const name = readBytes(bytes)?.toString() ?? '';
    headers.push([name, readBytes(bytes)]);
  }
  return headers;
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
