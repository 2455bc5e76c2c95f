import {
  type AppDocument,
  canonicalJson,
  type Field,
  hasFields,
  isUnknown,
  parseJson as parse,
  TooDeeplyNested,
  type Type,
  writeJson,
} from '@millrace/spec';
import { holdsCame, plainNumbers, writePacked, writtenAs } from './as-it-came.ts';
import type { Check } from './check.ts';
import type { BytesDecoder } from './codec.ts';
import { DecodeError, quoted } from './decode-error.ts';
import { notJson, withoutMark } from './not-json.ts';
import { writeTime } from './time-unit.ts';
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
 * What is written: a key, in one canonical text for all that are equal; a value, with what no step touched as it came; one for the app's next stage, as
 * it is in memory, and how it came beside it; or one of a table, as it is in memory.
 */
export type Part = 'key' | 'value' | 'inner' | 'made';

/** A value to JSON text, its fields under the names that records have them by; every digit as it came. */
export const jsonEncoder = (
  type: Type,
  document: Pick<AppDocument, 'models'>,
  part: Part,
): ((value: unknown) => Buffer) => {
  const write = part === 'key' ? canonicalJson : writeJson;
  const writer = new Writer(document.models, part === 'value');
  if (has(type, document, isWrittenOtherwise)) return (value) => Buffer.from(write(writer.written(value, type)));
  if (part === 'inner') return (value) => Buffer.from(writePacked(value));
  if (part !== 'value' || !has(type, document, mayComeOtherwise)) return (value) => Buffer.from(write(value));
  return (value) => Buffer.from(write(holdsCame(value) ? writer.written(value, type) : value));
};

const fieldsOf = (
  type: Type | undefined,
  models: AppDocument['models'],
): Readonly<Record<string, Field>> | undefined => {
  if (type?.kind === 'model') return models[type.model]?.fields;
  return type?.kind === 'record' ? type.fields : undefined;
};

interface TypePart {
  readonly type: Type;
  readonly field: Field | undefined;
}

const isWrittenOtherwise = ({ type, field }: TypePart): boolean =>
  field?.alias !== undefined || (type.kind === 'timestamp' && type.unit !== undefined);

const mayComeOtherwise = ({ type }: TypePart): boolean =>
  type.kind === 'timestamp' || plainNumbers.has(type.kind) || isUnknown(type);

/** Whether it holds of some part of a type. */
const has = (
  type: Type,
  document: Pick<AppDocument, 'models'>,
  test: (part: TypePart) => boolean,
  field?: Field,
  seen = new Set<Type | string>(),
): boolean => {
  if (test({ type, field })) return true;
  if (type.kind === 'list') return has(type.items, document, test, undefined, seen);
  if (type.kind === 'map') return has(type.values, document, test, undefined, seen);
  if (type.kind === 'union') return type.of.some((member) => has(member, document, test, undefined, seen));
  const mark = type.kind === 'model' ? type.model : type;
  if (seen.has(mark)) return false;
  seen.add(mark);
  return Object.values(fieldsOf(type, document.models) ?? {}).some((each) =>
    has(each.type, document, test, each, seen),
  );
};

/** Makes of a value in memory what is written of it. */
class Writer {
  readonly #models: AppDocument['models'];
  readonly #asItCame: boolean;

  constructor(models: AppDocument['models'], asItCame: boolean) {
    this.#models = models;
    this.#asItCame = asItCame;
  }

  /** `type`: undefined where none is known. */
  written(value: unknown, type: Type | undefined): unknown {
    if (type?.kind === 'timestamp' && type.unit !== undefined)
      return value === null || value === undefined ? value : writeTime(value, type.unit);
    if (Array.isArray(value)) {
      const items = type?.kind === 'list' ? type.items : undefined;
      return value.map((item, at) => this.#part(value, at, item, items));
    }
    if (!hasFields(value)) return value;
    const fields = fieldsOf(type, this.#models);
    const entries = type?.kind === 'map' ? type.values : undefined;
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => {
        const field = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
        return [field?.alias ?? name, this.#part(value, name, entry, field?.type ?? entries)];
      }),
    );
  }

  #part(holder: object, name: string | number, value: unknown, type: Type | undefined): unknown {
    const came = this.#asItCame ? writtenAs(holder, name, value, type) : undefined;
    return came ?? this.written(value, type);
  }
}
