import {
  type BinaryCodec,
  canonicalNumber,
  doubleOf,
  isExact,
  longIn,
  longOf,
  type Primitive,
  type Type,
} from '@millrace/spec';
import type { BytesDecoder } from './codec.ts';
import { DecodeError, quoted } from './decode-error.ts';
import { misfitOf, readPrimitive } from './primitive.ts';
import { utf8Text } from './utf8.ts';

/** What Kafka's own serializers of Java write: Integer, Long, Double (big-endian), UUID (its text). */
interface Binary {
  readonly decode: (bytes: Buffer, name: string) => unknown;
  /** @throws Error in words where the value does not fit */
  readonly encode: (value: unknown) => Buffer;
}

const sized = (bytes: Buffer, size: number, codec: BinaryCodec, name: string): Buffer => {
  if (bytes.length === size) return bytes;
  throw new DecodeError(
    `${name} has ${bytes.length} byte${bytes.length === 1 ? '' : 's'}, not the ${size} of ${codec}`,
  );
};

const integer = (value: unknown, codec: string): number | bigint => {
  const whole = isExact(value) ? longIn(value) : undefined;
  if (whole === undefined || (codec === 'int32' && Number(whole) !== (Number(whole) | 0)))
    throw new Error(`${quoted(value)} is no ${codec}`);
  return whole;
};

const uuidText = (bytes: Buffer): string => {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

const binaries: Readonly<Record<BinaryCodec, Binary>> = {
  int32: {
    decode: (bytes, name) => sized(bytes, 4, 'int32', name).readInt32BE(),
    encode: (value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(Number(integer(value, 'int32')));
      return bytes;
    },
  },
  int64: {
    decode: (bytes, name) => longOf(sized(bytes, 8, 'int64', name).readBigInt64BE()),
    encode: (value) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(BigInt(integer(value, 'int64')));
      return bytes;
    },
  },
  double: {
    decode: (bytes, name) => {
      const value = sized(bytes, 8, 'double', name).readDoubleBE();
      if (!Number.isFinite(value)) throw new DecodeError(`${name} is ${value}, which is no number`);
      // Java tells −0 from 0; numbers here are equal where their values are.
      return value === 0 ? 0 : value;
    },
    encode: (value) => {
      if (!isExact(value)) throw new Error(`${quoted(value)} is no double`);
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(doubleOf(value) || 0);
      return bytes;
    },
  },
  uuid: {
    // The serializer of Kafka writes the text; databases and other languages its 16 bytes.
    decode: (bytes, name) => (bytes.length === 16 ? uuidText(bytes) : utf8Text(bytes, name).toLowerCase()),
    encode: (value) => Buffer.from(String(value).toLowerCase()),
  },
};

/** @throws DecodeError where the bytes are none of the codec, or the value none of the type */
export const binaryDecoder = (codec: BinaryCodec, type: Type, name: string): BytesDecoder => {
  const { decode } = binaries[codec];
  const kind = type.kind as Primitive; // binary codecs go with primitives only
  return (bytes) => {
    const value = decode(bytes, name);
    const read = readPrimitive(kind, value);
    if (read === undefined)
      throw new DecodeError(
        `${name} ${misfitOf(kind, value)}: ${isExact(value) ? canonicalNumber(value) : quoted(value)}`,
      );
    return read;
  };
};

export const binaryEncoder = (codec: BinaryCodec): ((value: unknown) => Buffer) => binaries[codec].encode;
