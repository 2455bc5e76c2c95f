/**
 * LZ4 frames, of blocks that stand alone (Java's) or lean on those before (librdkafka's). Of their checksums none is verified: the batch has one over
 * all of it, and the one of the header is wrong in what old Java clients write.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md, lz4_Block_format.md
 */
import { BoundedOutput } from './bounded-output.ts';

const magic = 0x184d2204;
const storedBlock = 0x8000_0000;

/** Throws a RangeError for malformed bytes, and when more than `maxBytes` would come out. */
export function unlz4(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes.readUInt32LE(0) !== magic) throw new RangeError('it does not begin as a frame');
  const flags = bytes.readUInt8(4);
  if (flags >> 6 !== 1 || (flags & 1) !== 0)
    throw new RangeError('its frame is of an unknown version, or needs a dictionary');
  const standAlone = (flags & 0x20) !== 0;
  const checksumBytes = (flags & 0x10) !== 0 ? 4 : 0;
  const output = new BoundedOutput(maxBytes, bytes.length * 4);
  // Magic, flags, the blocks' size, the content's size where it is told, a checksum.
  let at = (flags & 0x08) !== 0 ? 15 : 7;
  for (;;) {
    const size = bytes.readUInt32LE(at);
    at += 4;
    if (size === 0) return output.written;
    const stored = size >= storedBlock;
    const end = at + (stored ? size - storedBlock : size);
    if (end > bytes.length) throw new RangeError('a block is cut off');
    if (stored) output.literal(bytes, at, end);
    else readBlock(bytes, at, end, output, standAlone ? output.length : 0);
    at = end + checksumBytes;
  }
}

/** Sequences of a literal and a match; the last has its literal alone. */
function readBlock(bytes: Buffer, start: number, end: number, output: BoundedOutput, floor: number): void {
  let at = start;
  while (at < end) {
    const token = bytes[at++] as number; // at < end
    let length = token >> 4;
    if (length === 15) {
      for (let byte = 255; byte === 255; length += byte) byte = bytes.readUInt8(at++);
    }
    if (at + length > end) throw new RangeError('a literal is cut off');
    output.literal(bytes, at, at + length);
    at += length;
    if (at === end) return;
    if (at + 2 > end) throw new RangeError('a match is cut off');
    const distance = bytes.readUInt16LE(at);
    at += 2;
    length = (token & 15) + 4;
    if (length === 19) {
      for (let byte = 255; byte === 255; length += byte) byte = bytes.readUInt8(at++);
    }
    output.match(distance, length, floor);
  }
}
