import {
  type AppDocument,
  type Codec as CodecName,
  isBinaryCodec,
  type Type,
  unknownType,
  writeJson,
} from '@millrace/spec';
import { unreachable } from '../assert.ts';
import { binaryDecoder, binaryEncoder } from './binary.ts';
import { CheckCompiler, rootName } from './check.ts';
import { DecodeError } from './decode-error.ts';
import { jsonDecoder, jsonEncoder, type Part } from './json.ts';
import { keyTextEncoder, textDecoder, textEncoder, timeTextEncoder } from './text.ts';

export type Decoded = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** Between a key's or a value's bytes and what is in memory. */
export interface Codec {
  /** Null bytes are null. Never throws: a reason is in words and names the field. */
  decode(bytes: Buffer | null): Decoded;
  /** Null and undefined are null bytes. The value is trusted to be of the type. @throws Error in words where a binary codec cannot hold it */
  encode(value: unknown): Buffer | null;
}

/** Decodes bytes that are there. @throws DecodeError */
export type BytesDecoder = (bytes: Buffer) => unknown;

/**
 * @param part a key is written in its one canonical form, whatever the order of its fields and the way its numbers came; a value digit by
 * digit as it came; the others see `Part`
 */
export const compileCodec = (
  type: Type,
  codec: CodecName,
  document: Pick<AppDocument, 'models'>,
  part: Part,
): Codec => {
  const decodeBytes = bytesDecoder(type, codec, document, part === 'key' ? keyName : rootName);
  const encodeValue = encoderOf(type, codec, document, part);
  return {
    decode: (bytes) => {
      if (bytes === null) return { ok: true, value: null };
      try {
        return { ok: true, value: decodeBytes(bytes) };
      } catch (error) {
        if (error instanceof DecodeError) return { ok: false, reason: error.message };
        throw error;
      }
    },
    encode: (value) => (value === null || value === undefined ? null : encodeValue(value)),
  };
};

/** The codecs of a topic of the document, by its id there: for tails and for sending by hand. */
export const compileTopicCodec = (
  document: AppDocument,
  topic: string,
): { readonly key: Codec; readonly value: Codec } => {
  const element = document.topics[topic];
  if (element === undefined) throw new Error(`Broken invariant: no topic ${topic}`);
  return {
    key: compileCodec(element.key, element.codec.key, document, 'key'),
    value: compileCodec(element.value, element.codec.value, document, 'value'),
  };
};

/** The key as a whole, in reasons. */
export const keyName = 'the key';

/** Decodes all of it: every field is checked. `name`: of the whole, in reasons. */
export const bytesDecoder = (
  type: Type,
  codec: CodecName,
  document: Pick<AppDocument, 'models'>,
  name: string,
): BytesDecoder => {
  if (isBinaryCodec(codec)) return binaryDecoder(codec, type, name);
  switch (codec) {
    case 'json':
      return jsonDecoder(new CheckCompiler(document.models).compile(type), name);
    case 'string':
      return textDecoder(type, name);
    case 'raw':
      return type.kind === 'bytes' ? (bytes) => bytes.toString('base64') : textDecoder(type, name);
    default:
      return unreachable(codec);
  }
};

const encoderOf = (
  type: Type,
  codec: CodecName,
  document: Pick<AppDocument, 'models'>,
  part: Part,
): ((value: unknown) => Buffer) => {
  if (isBinaryCodec(codec)) return binaryEncoder(codec);
  const text =
    type.kind === 'timestamp' && type.unit !== undefined
      ? timeTextEncoder(type.unit)
      : part === 'key'
        ? keyTextEncoder((value) => Buffer.from(writeJson(value)))
        : textEncoder(jsonEncoder(unknownType, document, part));
  switch (codec) {
    case 'json':
      return jsonEncoder(type, document, part);
    case 'string':
      return text;
    case 'raw':
      return type.kind === 'bytes' ? (value) => Buffer.from(String(value), 'base64') : text;
    default:
      return unreachable(codec);
  }
};
