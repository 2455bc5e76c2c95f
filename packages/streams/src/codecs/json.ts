import {
  type AppDocument,
  canonicalJson,
  type Field,
  hasFields,
  parseJson as parse,
  TooDeeplyNested,
  type Type,
  writeJson,
} from '@millrace/spec';
import type { Check } from './check.ts';
import type { BytesDecoder } from './codec.ts';
import { DecodeError, quoted } from './decode-error.ts';
import { notJson, withoutMark } from './not-json.ts';
import { writeTime, writtenAs } from './time-unit.ts';
import { utf8Text } from './utf8.ts';

/** JSON text to a checked value. @throws DecodeError */
export const jsonDecoder =
  (check: Check, name: string): BytesDecoder =>
  (bytes) =>
    check(parseJson(bytes, name), name);

/** @throws DecodeError */
export const parseJson = (bytes: Buffer, name: string): unknown => {
  const plain = withoutMark(bytes);
  try {
    return parse(utf8Text(plain, name));
  } catch (error) {
    if (error instanceof TooDeeplyNested) throw new DecodeError(`${name} is ${error.message}`);
    const found = notJson(plain);
    if (found !== null) throw new DecodeError(found);
    throw error instanceof DecodeError ? error : new DecodeError(`not JSON: ${quoted(plain.toString())}`);
  }
};

/**
 * A value to JSON text, its fields under the names that records have them by; every digit as it came.
 * @param canonical one text for all that are equal, so that a key has one partition
 */
export const jsonEncoder = (
  type: Type,
  document: Pick<AppDocument, 'models'>,
  canonical: boolean,
): ((value: unknown) => Buffer) => {
  const write = canonical ? canonicalJson : writeJson;
  if (!isWrittenOtherwise(type, document, new Set())) return (value) => Buffer.from(write(value));
  return (value) => Buffer.from(write(toWritten(value, type, document)));
};

const fieldsOf = (type: Type, document: Pick<AppDocument, 'models'>): Readonly<Record<string, Field>> | undefined => {
  if (type.kind === 'model') return document.models[type.model]?.fields;
  return type.kind === 'record' ? type.fields : undefined;
};

/** By alias, or in a unit of time. */
const isWrittenOtherwise = (type: Type, document: Pick<AppDocument, 'models'>, seen: Set<Type | string>): boolean => {
  if (type.kind === 'timestamp') return type.unit !== undefined;
  if (type.kind === 'list') return isWrittenOtherwise(type.items, document, seen);
  if (type.kind === 'map') return isWrittenOtherwise(type.values, document, seen);
  if (type.kind === 'union') return type.of.some((member) => isWrittenOtherwise(member, document, seen));
  const mark = type.kind === 'model' ? type.model : type;
  if (seen.has(mark)) return false;
  seen.add(mark);
  const fields = Object.values(fieldsOf(type, document) ?? {});
  return fields.some((field) => field.alias !== undefined || isWrittenOtherwise(field.type, document, seen));
};

const toWritten = (value: unknown, type: Type, document: Pick<AppDocument, 'models'>): unknown => {
  if (type.kind === 'timestamp' && type.unit !== undefined) {
    return value === null || value === undefined ? value : writeTime(value, type.unit);
  }
  if (type.kind === 'list' && Array.isArray(value)) return value.map((item) => toWritten(item, type.items, document));
  if (!hasFields(value)) return value;
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
      if (field === undefined) return [name, entry];
      return [field.alias ?? name, writtenAs(value, name, entry) ?? toWritten(entry, field.type, document)];
    }),
  );
};
