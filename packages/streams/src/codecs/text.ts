import type { Type } from '@millrace/spec';
import type { BytesDecoder } from './codec.ts';
import { DecodeError, quoted } from './decode-error.ts';
import { nounOf, readText } from './primitive.ts';

/** A primitive as UTF-8 text on its own: `10.0.0.7`, `17`, `true`. Other types are their JSON. */
export const textEncoder = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'object' ? JSON.stringify(value) : String(value));

/** @throws DecodeError where the text is none of its type */
export const textDecoder = (type: Type, name: string): BytesDecoder => {
  switch (type.kind) {
    case 'string':
      return (bytes) => bytes.toString();
    case 'enum': {
      const values = new Set(type.values);
      return (bytes) => {
        const text = bytes.toString();
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
      return (bytes) => bytes.toString();
    default: {
      const { kind } = type;
      return (bytes) => {
        const text = bytes.toString();
        const read = readText(kind, text);
        if (read === undefined) throw new DecodeError(`${name} is not ${nounOf[kind]}: ${quoted(text)}`);
        return read;
      };
    }
  }
};
