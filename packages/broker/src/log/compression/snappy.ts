/**
 * Snappy, in both forms that Kafka's clients write: librdkafka sends one raw block, Java's clients (and those that copy them)
 * the framing of snappy-java, known as xerial: a magic, two versions, then blocks with their lengths in front.
 * The block format: https://github.com/google/snappy/blob/main/format_description.txt
 */
import { GrowingOutput } from './growing-output.ts';

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const xerialHeaderBytes = 16;

/** Throws RangeError for malformed input and when more than `maxBytes` would come out. */
export function unsnappy(payload: Buffer, maxBytes: number): Buffer {
  const output = new GrowingOutput(maxBytes);
  if (!payload.subarray(0, xerialMagic.length).equals(xerialMagic)) {
    readBlock(payload, output);
    return output.written;
  }
  let at = xerialHeaderBytes;
  while (at < payload.length) {
    const blockBytes = payload.readUInt32BE(at);
    at += 4;
    if (blockBytes > payload.length - at) throw new RangeError('a snappy block is cut off');
    readBlock(payload.subarray(at, at + blockBytes), output);
    at += blockBytes;
  }
  return output.written;
}

function readBlock(block: Buffer, output: GrowingOutput): void {
  const start = output.length;
  const { value: announcedBytes, next } = lengthAtFront(block);
  let at = next;
  while (at < block.length) {
    const tag = block.readUInt8(at);
    at += 1;
    const kind = tag & 3;
    if (kind === 0) {
      const extraBytes = Math.max(0, (tag >> 2) - 59);
      const length = 1 + (extraBytes === 0 ? tag >> 2 : block.readUIntLE(at, extraBytes));
      at += extraBytes;
      if (length > block.length - at) throw new RangeError('a snappy literal is cut off');
      output.literal(block, at, at + length);
      at += length;
    } else if (kind === 1) {
      output.match(((tag >> 5) << 8) | block.readUInt8(at), ((tag >> 2) & 7) + 4, start);
      at += 1;
    } else {
      const distanceBytes = kind === 2 ? 2 : 4;
      output.match(block.readUIntLE(at, distanceBytes), (tag >> 2) + 1, start);
      at += distanceBytes;
    }
    if (output.length - start > announcedBytes) throw new RangeError('a snappy block is longer than it says');
  }
  if (output.length - start !== announcedBytes) throw new RangeError('a snappy block is shorter than it says');
}

/** The length of what comes out: base 128, the lowest seven bits first, at most 32 bits. */
function lengthAtFront(block: Buffer): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 5; i += 1) {
    const byte = block.readUInt8(i);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if ((byte & 0x80) === 0) return { value, next: i + 1 };
  }
  throw new RangeError('the length of a snappy block has more than 32 bits');
}
