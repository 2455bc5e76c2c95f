import { canonicalNumber, Decimal, isExact, numberOf, type TimeUnit, type Type } from '@millrace/spec';
import type { BytesDecoder } from './codec.ts';
import { DecodeError, quoted } from './decode-error.ts';
import { notATime } from './event-time.ts';
import { nounOf, readText } from './primitive.ts';
import { readTime, writeTime } from './time-unit.ts';
import { utf8Text } from './utf8.ts';

/** A primitive as UTF-8 text on its own: `10.0.0.7`, `17`, `true`; every digit as it came. Other types are their JSON, which `json` writes. */
export const textEncoder =
  (json: (value: unknown) => Buffer) =>
  (value: unknown): Buffer =>
    typeof value === 'object' && !(value instanceof Decimal) ? json(value) : Buffer.from(String(value));

/** The same with one text for all numbers that are equal, so that a key has one partition. */
export const keyTextEncoder = (json: (value: unknown) => Buffer) => {
  const text = textEncoder(json);
  return (value: unknown): Buffer => (isExact(value) ? Buffer.from(canonicalNumber(value)) : text(value));
};

/** A timestamp in a unit of its own, as text. @throws Error for what is no time */
export const timeTextEncoder =
  (unit: TimeUnit) =>
  (value: unknown): Buffer =>
    Buffer.from(String(writeTime(value, unit)));

/** @throws DecodeError where the text is none of its type */
export const textDecoder = (type: Type, name: string): BytesDecoder => {
  switch (type.kind) {
    case 'string':
      return (bytes) => utf8Text(bytes, name);
    case 'enum': {
      const values = new Set(type.values);
      return (bytes) => {
        const text = utf8Text(bytes, name);
        if (!values.has(text))
          throw new DecodeError(`${name} is not one of ${type.values.join(', ')}: ${quoted(text)}`);
        return text;
      };
    }
    case 'list':
    case 'map':
    case 'model':
    case 'record':
    case 'union':
      return (bytes) => utf8Text(bytes, name);
    case 'timestamp': {
      const { unit } = type;
      return (bytes) => {
        const text = utf8Text(bytes, name);
        const value = /^-?\d+(\.\d+)?$/.test(text) ? numberOf(text) : text;
        const read = readTime(value, unit);
        if (read === undefined) throw new DecodeError(notATime(name, value, unit));
        return read;
      };
    }
    default: {
      const { kind } = type;
      return (bytes) => {
        const text = utf8Text(bytes, name);
        const read = readText(kind, text);
        if (read === undefined) throw new DecodeError(`${name} is not ${nounOf[kind]}: ${quoted(text)}`);
        return read;
      };
    }
  }
};
