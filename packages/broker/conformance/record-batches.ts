/** Record batches as a producer makes them, for cases that need what no client would send. */
import { batchHeaderBytes, RecordBatch } from '../src/log/record-batch.ts';

export interface BatchOptions {
  readonly values: readonly (string | null)[];
  readonly key?: string | null;
  readonly timestampMs?: number;
  readonly producerId?: bigint;
  readonly epoch?: number;
  readonly sequence?: number;
  readonly transactional?: boolean;
}

/** One uncompressed batch, its checksum right. */
export function batchOf(options: BatchOptions): Buffer {
  const { values, key = null, timestampMs = Date.now(), producerId = -1n, epoch = -1, sequence = -1 } = options;
  const records = Buffer.concat(values.map((value, i) => record(i, key, value)));
  const bytes = Buffer.alloc(batchHeaderBytes + records.length);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt32BE(-1, 12);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(options.transactional ? 16 : 0, 21);
  bytes.writeInt32BE(values.length - 1, 23);
  bytes.writeBigInt64BE(BigInt(timestampMs), 27);
  bytes.writeBigInt64BE(BigInt(timestampMs), 35);
  bytes.writeBigInt64BE(producerId, 43);
  bytes.writeInt16BE(epoch, 51);
  bytes.writeInt32BE(sequence, 53);
  bytes.writeInt32BE(values.length, 57);
  records.copy(bytes, batchHeaderBytes);
  new RecordBatch(bytes).sealCrc();
  return bytes;
}

function record(offsetDelta: number, key: string | null, value: string | null): Buffer {
  const body = Buffer.concat([Buffer.from([0]), varint(0), varint(offsetDelta), text(key), text(value), varint(0)]);
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
