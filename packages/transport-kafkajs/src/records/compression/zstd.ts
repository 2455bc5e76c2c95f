import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { TooManyBytes } from './bounded-output.ts';

/** Node's zlib has zstd from 22.15 on; the types are those of the oldest Node we run on. */
const { zstdDecompressSync } = zlib as {
  readonly zstdDecompressSync?: (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;
};

/** In JavaScript, for a Node without zstd: about a tenth as fast. */
export function unzstdInScript(bytes: Buffer, maxBytes: number): Buffer {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((chunk) => {
    length += chunk.length;
    if (length > maxBytes) throw new TooManyBytes(maxBytes);
    chunks.push(chunk);
  });
  stream.push(bytes, true);
  return Buffer.concat(chunks, length);
}

export const unzstd = (bytes: Buffer, maxBytes: number): Buffer =>
  zstdDecompressSync === undefined
    ? unzstdInScript(bytes, maxBytes)
    : zstdDecompressSync(bytes, { maxOutputLength: maxBytes });
