import zlib from 'node:zlib';
import { TransportError } from '@millrace/streams';

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** The records of a compressed batch; `codec` is the low three bits of its attributes. Throws `corrupt`. */
export function decompress(codec: number, bytes: Buffer, about: string): Buffer {
  const name = codecs[codec] ?? `codec ${codec}`;
  const inflate = name === 'gzip' ? zlib.gunzipSync : name === 'zstd' ? zstd() : null;
  if (inflate === null) {
    const hint = name === 'zstd' ? 'Node 22.15 or later reads it' : 'write it with gzip, zstd or none';
    throw new TransportError('corrupt', `${about} is compressed with ${name}, which cannot be read here: ${hint}`, {
      retriable: false,
    });
  }
  try {
    return inflate(bytes);
  } catch (cause) {
    throw new TransportError('corrupt', `${about} does not decompress with ${name}`, { retriable: false, cause });
  }
}

/** Node's zlib has zstd from 22.15 on; the types are those of the oldest Node we run on. */
const zstd = (): ((bytes: Buffer) => Buffer) | null =>
  'zstdDecompressSync' in zlib && typeof zlib.zstdDecompressSync === 'function'
    ? (zlib.zstdDecompressSync as (bytes: Buffer) => Buffer) // its signature by Node's documentation
    : null;
