/** Undoing what producers compressed, by codec. */
import type { Compression } from '../record-batch.ts';
import { unlz4 } from './lz4.ts';
import { gunzip, unzstd } from './node-zlib.ts';
import { unsnappy } from './snappy.ts';

/** Throws RangeError for malformed input and when more than `maxBytes` would come out. */
export type Decompress = (payload: Buffer, maxBytes: number) => Buffer;

/** Undefined for what this Node can't undo, which is zstd before 22.15. */
export const decompressors: Readonly<Record<Compression, Decompress | undefined>> = {
  none: (payload) => payload,
  gzip: gunzip,
  snappy: unsnappy,
  lz4: unlz4,
  zstd: unzstd,
};
