/**
 * LZ4 frames, as record batches of format v2 carry them: blocks that stand alone (Java's clients write no others) or lean on
 * what came before. The checksums are not verified, since the batch around the frame has one that was.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md
 */
import { GrowingOutput } from './growing-output.ts';

const frameMagic = 0x184d2204;
const frameVersion = 1;
const maxBlockBytes: Readonly<Record<number, number>> = { 4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22 };
const storedBit = 0x8000_0000;
const shortestMatchBytes = 4;

/** Throws RangeError for malformed input and when more than `maxBytes` would come out. */
export function unlz4(payload: Buffer, maxBytes: number): Buffer {
  const frame = readFrameHeader(payload);
  const output = new GrowingOutput(maxBytes);
  for (let at = frame.headerBytes; ; ) {
    const size = payload.readUInt32LE(at);
    at += 4;
    if (size === 0) return output.written; // A checksum of the content may follow.
    const isStored = size >= storedBit;
    const end = at + (isStored ? size - storedBit : size);
    if (end > payload.length) throw new RangeError('an lz4 block is cut off');
    const start = output.length;
    if (isStored) output.literal(payload, at, end);
    else readBlock(payload, at, end, output, frame.blocksStandAlone ? start : 0);
    if (output.length - start > frame.blockBytes) throw new RangeError('an lz4 block is longer than its frame allows');
    at = end + (frame.blocksHaveChecksums ? 4 : 0);
  }
}

function readFrameHeader(payload: Buffer) {
  if (payload.readUInt32LE(0) !== frameMagic) throw new RangeError('this is no lz4 frame');
  const flags = payload.readUInt8(4);
  const blockBytes = maxBlockBytes[(payload.readUInt8(5) >> 4) & 7];
  if (flags >> 6 !== frameVersion || blockBytes === undefined) throw new RangeError('an unknown form of lz4 frame');
  if ((flags & 1) !== 0) throw new RangeError('lz4 frames with a dictionary are not for Kafka');
  return {
    blocksStandAlone: (flags & 0x20) !== 0,
    blocksHaveChecksums: (flags & 0x10) !== 0,
    blockBytes,
    // Magic, flags, block size, the size of the content when it is told, a checksum of the header.
    headerBytes: 4 + 1 + 1 + ((flags & 0x08) !== 0 ? 8 : 0) + 1,
  };
}

/** Sequences of a literal and a match; the last one has only its literal. */
function readBlock(payload: Buffer, start: number, end: number, output: GrowingOutput, windowStart: number): void {
  const cursor = { bytes: payload, at: start, end };
  while (cursor.at < end) {
    const token = payload.readUInt8(cursor.at);
    cursor.at += 1;
    const literalEnd = lengthOf(token >> 4, cursor) + cursor.at;
    if (literalEnd > end) throw new RangeError('an lz4 literal is cut off');
    output.literal(payload, cursor.at, literalEnd);
    cursor.at = literalEnd;
    if (literalEnd === end) return;
    if (literalEnd + 2 > end) throw new RangeError('an lz4 match is cut off');
    const distance = payload.readUInt16LE(literalEnd);
    cursor.at += 2;
    output.match(distance, lengthOf(token & 15, cursor) + shortestMatchBytes, windowStart);
  }
}

/** Four bits, and when all are set, bytes to be added up to the first that is not 255. */
function lengthOf(nibble: number, cursor: { readonly bytes: Buffer; at: number; readonly end: number }): number {
  let length = nibble;
  for (let byte = nibble === 15 ? 255 : 0; byte === 255; ) {
    if (cursor.at >= cursor.end) throw new RangeError('an lz4 length is cut off');
    byte = cursor.bytes.readUInt8(cursor.at);
    cursor.at += 1;
    length += byte;
  }
  return length;
}
