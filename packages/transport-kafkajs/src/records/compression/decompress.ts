import zlib from 'node:zlib';
import { unlz4 } from './lz4.ts';
import { unsnappy } from './snappy.ts';
import { unzstd } from './zstd.ts';

/** Throws for malformed bytes, and when more than `maxBytes` would come out. */
export type Decompress = (bytes: Buffer, maxBytes: number) => Buffer;

/** By the low three bits of a batch's attributes. */
const codecs: readonly { readonly name: string; readonly undo: Decompress }[] = [
  { name: 'none', undo: (bytes) => bytes },
  { name: 'gzip', undo: (bytes, maxBytes) => zlib.gunzipSync(bytes, { maxOutputLength: maxBytes }) },
  { name: 'snappy', undo: unsnappy },
  { name: 'lz4', undo: unlz4 },
  { name: 'zstd', undo: unzstd },
];

/** The most that the records of one batch may take, bytes: Kafka bounds a batch only as it is compressed. */
const maxBatchBytes = 128 * 2 ** 20;

/** The records of a compressed batch. Throws an Error that says why not. */
export function decompress(codec: number, bytes: Buffer): Buffer {
  const known = codecs[codec];
  if (known === undefined) throw new Error(`it is compressed with an unknown codec, ${codec}`);
  try {
    return known.undo(bytes, maxBatchBytes);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`it does not decompress with ${known.name}: ${said}`, { cause });
  }
}
