/** gzip and zstd, which Node brings along: gzip always, zstd from 22.15 (in the line of 23 from 23.8). */
import * as zlib from 'node:zlib';
import type { Decompress } from './decompress.ts';

export const gunzip: Decompress = (payload, maxBytes) =>
  malformedAsRangeError(() => zlib.gunzipSync(payload, { maxOutputLength: maxBytes }));

interface ZstdOfNewerNode {
  readonly zstdDecompressSync?: (payload: Buffer, options: { maxOutputLength: number }) => Buffer;
}
// The types are those of the oldest Node served, which has no zstd; a newer one adds the function, and changes no other.
const { zstdDecompressSync } = zlib as ZstdOfNewerNode;

/** Undefined on a Node that can't undo zstd. */
export const unzstd: Decompress | undefined =
  zstdDecompressSync &&
  ((payload, maxBytes) => malformedAsRangeError(() => zstdDecompressSync(payload, { maxOutputLength: maxBytes })));

function malformedAsRangeError(decompress: () => Buffer): Buffer {
  try {
    return decompress();
  } catch (cause) {
    throw new RangeError('the payload can not be decompressed within its bound', { cause });
  }
}
