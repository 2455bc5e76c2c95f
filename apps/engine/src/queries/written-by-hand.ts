import {
  type AppDocument,
  type Codec as CodecName,
  canonicalJson,
  isBinaryCodec,
  isNumeric,
  type Type,
  writeJson,
} from '@millrace/spec';
import { type Codec, compileCodec, type Decoded } from '@millrace/streams';
import type { DeclaredTopic } from './declared-topics.ts';

export type Encoded =
  | { readonly ok: true; readonly bytes: Buffer | null }
  | { readonly ok: false; readonly reason: string };

/** Encodes what a person wrote: a value of JSON, or a key as text. Never throws. */
export type WrittenByHand = (written: unknown) => Encoded;

interface ByHand {
  readonly key: WrittenByHand;
  readonly value: WrittenByHand;
}

/**
 * Reads what was written as the topic's readers will: what they would not take is refused with their reason. Values go out as they were written, keys in
 * their one canonical form.
 */
export function topicByHand({ document, topic }: DeclaredTopic): ByHand {
  return {
    key: byHand(topic.key, topic.codec.key, document, 'key'),
    value: byHand(topic.value, topic.codec.value, document, 'value'),
  };
}

/** Without a model: texts as they are, everything else as its JSON. */
export const undeclared: ByHand = {
  key: (written) => ({ ok: true, bytes: Buffer.from(typeof written === 'string' ? written : canonicalJson(written)) }),
  value: (written) => ({ ok: true, bytes: Buffer.from(typeof written === 'string' ? written : writeJson(written)) }),
};

function byHand(type: Type, name: CodecName, document: AppDocument, part: 'key' | 'value'): WrittenByHand {
  const codec = compileCodec(type, name, document, part);
  // A person writes a number, not its four bytes.
  const reads = isBinaryCodec(name) ? compileCodec(type, 'string', document, part) : codec;
  const textOf = name === 'json' ? jsonText(type) : plainText;
  return (written) => {
    const bytes = name === 'raw' ? codec.encode(written) : Buffer.from(textOf(written));
    const read = reads.decode(bytes);
    if (!read.ok) return read;
    return part === 'key' || reads !== codec ? encoded(codec, read) : { ok: true, bytes };
  };
}

function encoded(codec: Codec, { value }: Decoded & { readonly ok: true }): Encoded {
  try {
    return { ok: true, bytes: codec.encode(value) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A text for a number or something composed is its JSON already: `9007199254740993`, `{"a":1}`. */
const jsonText = (type: Type): ((written: unknown) => string) => {
  const composed = ['list', 'map', 'model', 'record', 'union'].includes(type.kind);
  const isJson = composed || (isNumeric(type) && type.kind !== 'timestamp');
  return (written) => (typeof written === 'string' && isJson ? written : writeJson(written));
};

const plainText = (written: unknown): string => (typeof written === 'string' ? written : writeJson(written));
