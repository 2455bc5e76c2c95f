import type { AppDocument, Codec as CodecName, Type } from '@millrace/spec';
import { unreachable } from '../assert.ts';
import { CheckCompiler, rootName } from './check.ts';
import { DecodeError } from './decode-error.ts';
import { jsonDecoder, jsonEncoder } from './json.ts';
import { textDecoder, textEncoder } from './text.ts';

export type Decoded = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** Between a key's or a value's bytes and what is in memory. */
export interface Codec {
  /** Null bytes are null. Never throws: a reason is in words and names the field. */
  decode(bytes: Buffer | null): Decoded;
  /** Null and undefined are null bytes. The value is trusted to be of the type. */
  encode(value: unknown): Buffer | null;
}

/** Decodes bytes that are there. @throws DecodeError */
export type BytesDecoder = (bytes: Buffer) => unknown;

export const compileCodec = (type: Type, codec: CodecName, document: Pick<AppDocument, 'models'>): Codec => {
  const decodeBytes = bytesDecoder(type, codec, document);
  const encodeValue = encoderOf(type, codec, document);
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
    key: compileCodec(element.key, element.codec.key, document),
    value: compileCodec(element.value, element.codec.value, document),
  };
};

/** Decodes all of it: every field is checked. `name`: of the whole, in reasons. */
export const bytesDecoder = (
  type: Type,
  codec: CodecName,
  document: Pick<AppDocument, 'models'>,
  name = rootName,
): BytesDecoder => {
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
): ((value: unknown) => Buffer) => {
  switch (codec) {
    case 'json':
      return jsonEncoder(type, document);
    case 'string':
      return textEncoder;
    case 'raw':
      return type.kind === 'bytes' ? (value) => Buffer.from(String(value), 'base64') : textEncoder;
    default:
      return unreachable(codec);
  }
};
