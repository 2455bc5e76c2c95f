import type { AppDocument, Field, Type } from '@millrace/spec';
import type { Check } from './check.ts';
import type { BytesDecoder } from './codec.ts';
import { DecodeError, quoted } from './decode-error.ts';

/** JSON text to a checked value. @throws DecodeError */
export const jsonDecoder =
  (check: Check, name: string): BytesDecoder =>
  (bytes) =>
    check(parseJson(bytes), name);

/** @throws DecodeError */
export const parseJson = (bytes: Buffer): unknown => {
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch {
    throw new DecodeError(text === '' ? 'the record is empty' : `not JSON: ${quoted(text)}`);
  }
};

/** A value to JSON text, its fields under the names that records have them by. */
export const jsonEncoder = (type: Type, document: Pick<AppDocument, 'models'>): ((value: unknown) => Buffer) => {
  if (!hasAlias(type, document, new Set())) return (value) => Buffer.from(JSON.stringify(value));
  return (value) => Buffer.from(JSON.stringify(toWritten(value, type, document)));
};

const fieldsOf = (type: Type, document: Pick<AppDocument, 'models'>): Readonly<Record<string, Field>> | undefined => {
  if (type.kind === 'model') return document.models[type.model]?.fields;
  return type.kind === 'record' ? type.fields : undefined;
};

const hasAlias = (type: Type, document: Pick<AppDocument, 'models'>, seen: Set<Type | string>): boolean => {
  if (type.kind === 'list') return hasAlias(type.items, document, seen);
  if (type.kind === 'map') return hasAlias(type.values, document, seen);
  if (type.kind === 'union') return type.of.some((member) => hasAlias(member, document, seen));
  const mark = type.kind === 'model' ? type.model : type;
  if (seen.has(mark)) return false;
  seen.add(mark);
  const fields = Object.values(fieldsOf(type, document) ?? {});
  return fields.some((field) => field.alias !== undefined || hasAlias(field.type, document, seen));
};

const toWritten = (value: unknown, type: Type, document: Pick<AppDocument, 'models'>): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (type.kind === 'list' && Array.isArray(value)) return value.map((item) => toWritten(item, type.items, document));
  if (type.kind === 'map') {
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, toWritten(entry, type.values, document)]),
    );
  }
  const fields = fieldsOf(type, document);
  if (fields === undefined) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      const field = fields[name];
      return field === undefined ? [name, entry] : [field.alias ?? name, toWritten(entry, field.type, document)];
    }),
  );
};
