/**
 * Snappy in both of the forms that Kafka's clients write: one raw block (librdkafka), and snappy-java's framing of several (Java).
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
import { BoundedOutput } from './bounded-output.ts';

const javaMagic = Buffer.from('\x82SNAPPY\0', 'latin1');
/** The magic and two versions. */
const javaHeaderBytes = 16;

/** Throws a RangeError for malformed bytes, and when more than `maxBytes` would come out. */
export function unsnappy(bytes: Buffer, maxBytes: number): Buffer {
  const output = new BoundedOutput(maxBytes, bytes.length * 4);
  if (bytes.length < javaHeaderBytes || !bytes.subarray(0, javaMagic.length).equals(javaMagic)) {
    readBlock(bytes, 0, bytes.length, output);
    return output.written;
  }
  for (let at = javaHeaderBytes; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    readBlock(bytes, at + 4, end, output);
    at = end;
  }
  return output.written;
}

function readBlock(bytes: Buffer, start: number, end: number, output: BoundedOutput): void {
  if (end > bytes.length) throw new RangeError('a block is cut off');
  const floor = output.length;
  let at = start;
  let announced = 0;
  for (let scale = 1, byte = 128; byte >= 128; scale *= 128) {
    if (scale > 2 ** 28) throw new RangeError("a block's length has more than 32 bits");
    byte = bytes.readUInt8(at++);
    announced += (byte & 127) * scale;
  }
  while (at < end) {
    const tag = bytes[at++] as number; // at < end
    switch (tag & 3) {
      case 0: {
        const extra = Math.max(0, (tag >> 2) - 59);
        const length = (extra === 0 ? tag >> 2 : bytes.readUIntLE(at, extra)) + 1;
        at += extra;
        if (at + length > end) throw new RangeError('a literal is cut off');
        output.literal(bytes, at, at + length);
        at += length;
        break;
      }
      case 1:
        output.match(((tag >> 5) << 8) | bytes.readUInt8(at), ((tag >> 2) & 7) + 4, floor);
        at += 1;
        break;
      case 2:
        output.match(bytes.readUInt16LE(at), (tag >> 2) + 1, floor);
        at += 2;
        break;
      default:
        output.match(bytes.readUInt32LE(at), (tag >> 2) + 1, floor);
        at += 4;
    }
  }
  if (output.length - floor !== announced) throw new RangeError('a block is not as long as it says');
}
