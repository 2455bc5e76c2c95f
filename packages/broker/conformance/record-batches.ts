/** Record batches as a producer makes them, for cases that need what no client would send. */
import { gzipSync } from 'node:zlib';
import { batchHeaderBytes, compressions, RecordBatch } from '../src/log/record-batch.ts';

export interface BatchOptions {
  readonly values: readonly (string | null)[];
  /** Of all records, unless each has its own. */
  readonly key?: string | null;
  readonly keys?: readonly (string | null)[];
  /** Of the first record; the others follow one another by `stepMs`, which is 0 unless it is said. */
  readonly timestampMs?: number;
  readonly stepMs?: number;
  readonly producerId?: bigint;
  readonly epoch?: number;
  readonly sequence?: number;
  readonly transactional?: boolean;
}

/** One uncompressed batch, its checksum right. */
export function batchOf(options: BatchOptions): Buffer {
  const { values, key = null, timestampMs = Date.now(), stepMs = 0 } = options;
  const { keys = values.map(() => key), producerId = -1n, epoch = -1, sequence = -1 } = options;
  const records = Buffer.concat(values.map((value, i) => record(i, i * stepMs, keys[i] ?? null, value)));
  const bytes = Buffer.alloc(batchHeaderBytes + records.length);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt32BE(-1, 12);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(options.transactional ? 16 : 0, 21);
  bytes.writeInt32BE(values.length - 1, 23);
  bytes.writeBigInt64BE(BigInt(timestampMs), 27);
  bytes.writeBigInt64BE(BigInt(timestampMs + stepMs * (values.length - 1)), 35);
  bytes.writeBigInt64BE(producerId, 43);
  bytes.writeInt16BE(epoch, 51);
  bytes.writeInt32BE(sequence, 53);
  bytes.writeInt32BE(values.length, 57);
  records.copy(bytes, batchHeaderBytes);
  new RecordBatch(bytes).sealCrc();
  return bytes;
}

/** The same batch with its records, less than 64 kB of them, under a compression; only gzip makes them smaller. */
export function compressed(batch: Buffer, codec: keyof typeof compressors): Buffer {
  const bytes = Buffer.concat([
    batch.subarray(0, batchHeaderBytes),
    compressors[codec](batch.subarray(batchHeaderBytes)),
  ]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt16BE(new RecordBatch(batch).attributes | compressions.indexOf(codec), 21);
  new RecordBatch(bytes).sealCrc();
  return bytes;
}

const compressors = {
  gzip: (payload: Buffer) => gzipSync(payload),
  /** One raw block, of one literal whose length takes two bytes. */
  snappy: (payload: Buffer) => {
    const header = Buffer.from([
      (payload.length & 127) | 128,
      ((payload.length >> 7) & 127) | 128,
      payload.length >> 14,
      61 << 2,
      0,
      0,
    ]);
    header.writeUInt16LE(payload.length - 1, 4);
    return Buffer.concat([header, payload]);
  },
  /** One stored block; 0x82 is the checksum of this header. */
  lz4: (payload: Buffer) => {
    const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 0, 0, 0, 0]);
    header.writeUInt32LE(0x8000_0000 + payload.length, 7);
    return Buffer.concat([header, payload, Buffer.alloc(4)]);
  },
};

function record(offsetDelta: number, deltaMs: number, key: string | null, value: string | null): Buffer {
  const deltas = [varint(deltaMs), varint(offsetDelta)];
  const body = Buffer.concat([Buffer.from([0]), ...deltas, text(key), text(value), varint(0)]);
  return Buffer.concat([varint(body.length), body]);
}

function text(value: string | null): Buffer {
  if (value === null) return varint(-1);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
