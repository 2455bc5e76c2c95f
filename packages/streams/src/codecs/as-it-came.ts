import {
  Decimal,
  doubleOf,
  hasFields,
  isExact,
  isUnknown,
  setField,
  type TimeUnit,
  type Type,
  writeJson,
} from '@millrace/spec';
import { writeTime } from './time-unit.ts';

/**
 * What times and numbers in an object or a list were written as, by field or place, where that is not what would be written of them: a text, its zone,
 * digits finer than milliseconds, another unit; `1.10` of a double. It goes along where a step copies the object, so that what no step touches is
 * written as it came (SPEC D12, N2).
 */
const asItCame = Symbol('as it came');

interface Holder {
  [asItCame]?: Readonly<Record<string, Came>>;
}

interface Came {
  /** In memory. */
  readonly value: number | bigint;
  readonly written: unknown;
  readonly as: Form;
}

/** A number, or a time in its unit. */
type Form = 'number' | 'ms' | TimeUnit;

/** Remembers how a value was written, unless it would be written like that anyway. `read`: what is in memory. */
export type Keep = (holder: object, name: string | number, read: unknown, written: unknown) => void;

/** Undefined: values of the type are in memory as they came. */
export const keeperOf = (type: Type): Keep | undefined => {
  switch (type.kind) {
    case 'timestamp': {
      const { unit } = type;
      return (holder, name, read, written) => {
        if (typeof read !== 'number' || (unit === undefined ? read : writeTime(read, unit)) === written) return;
        keep(holder, name, { value: read, written, as: unit ?? 'ms' });
      };
    }
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return (holder, name, read, written) => {
        if (read === written || (typeof read !== 'number' && typeof read !== 'bigint')) return;
        keep(holder, name, { value: read, written, as: 'number' });
      };
    case 'union': {
      if (isUnknown(type)) return undefined;
      const keepers = type.of.flatMap((member) => keeperOf(member) ?? []);
      if (keepers.length === 0) return undefined;
      return (holder, name, read, written) => {
        // Which member it was read as, nothing tells; what is of another member is in memory as it was written.
        if (read !== written) for (const keepOne of keepers) keepOne(holder, name, read, written);
      };
    }
    default:
      return undefined;
  }
};

const keep = (holder: object, name: string | number, came: Came): void => {
  const held = holder as Holder; // any object may have the symbol
  held[asItCame] = { ...held[asItCame], [name]: came };
};

const cameOf = (holder: object, name: string | number): Came | undefined => {
  const held = (holder as Holder)[asItCame]; // as above
  return held !== undefined && Object.hasOwn(held, name) ? held[name] : undefined;
};

/** Takes along how a field was written where a step copies it to a field of another object. */
export const carry = (from: object, name: string, to: object, as: string): void => {
  const came = cameOf(from, name);
  if (came !== undefined) keep(to, as, came);
};

/** How a value was written, if it still is that value and `type`, of the field that it goes to, takes it so; undefined: it is to be written anew. */
export const writtenAs = (holder: object, name: string | number, value: unknown, type: Type | undefined): unknown => {
  const came = cameOf(holder, name);
  return came !== undefined && came.value === value && takes(type, came) ? came.written : undefined;
};

/** Of which a value is written as it is in memory; a decimal has its text there. */
export const plainNumbers: ReadonlySet<string> = new Set(['int', 'long', 'float', 'double']);

const takes = (type: Type | undefined, came: Came): boolean => {
  if (type === undefined || isUnknown(type)) return true;
  if (type.kind === 'union') return type.of.some((member) => takes(member, came));
  if (came.as === 'number') return plainNumbers.has(type.kind);
  if (type.kind !== 'timestamp') return false;
  const unit = type.unit ?? 'ms';
  // Text is taken by both.
  return unit === came.as || (typeof came.written === 'string' && (unit === 'ms' || unit === 'iso'));
};

/** Whether a value holds something that is to be written as it came. */
export const holdsCame = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if ((value as Holder)[asItCame] !== undefined) return true; // as above
  if (Array.isArray(value)) return value.some(holdsCame);
  if (!hasFields(value)) return false;
  for (const name in value) if (typeof value[name] === 'object' && holdsCame(value[name])) return true;
  return false;
};

/** Under it goes, between two stages of an app, how the fields of an object came; beside it, a field that has this name itself. */
const packedName = '\u0000came';
const packedText = JSON.stringify(packedName);
const packedBytes = Buffer.from(packedText);

/** The JSON of a value for the app's next stage: with how it came, in its objects; what is in lists goes on as it is in memory. */
export const writePacked = (value: unknown): string => {
  const text = holdsCame(value) ? null : writeJson(value);
  return text === null || text.includes(packedText) ? writeJson(pack(value)) : text;
};

const pack = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(pack);
  if (!hasFields(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) setField(copy, name, pack(field));
  // Any object may have the symbol.
  const came = Object.entries((value as Holder)[asItCame] ?? {}).flatMap(([name, each]) =>
    value[name] === each.value ? [[name, each.written, each.as]] : [],
  );
  if (Object.hasOwn(copy, packedName)) return { ...copy, [packedName]: { came, own: copy[packedName] } };
  return came.length === 0 ? copy : { ...copy, [packedName]: { came } };
};

/** Undoes `writePacked`, in place: the caller owns what was parsed of these bytes. What it did not write is left as it is. */
export const unpack = (value: unknown, bytes: Buffer): unknown => {
  if (bytes.includes(packedBytes)) unpackAll(value);
  return value;
};

const unpackAll = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  const packed = hasFields(value) && Object.hasOwn(value, packedName) ? value[packedName] : undefined;
  if (hasFields(packed) && Array.isArray(packed['came'])) {
    const fields = value as Record<string, unknown>; // as just seen; the caller owns it
    if (Object.hasOwn(packed, 'own')) fields[packedName] = packed['own'];
    else delete fields[packedName];
    for (const entry of packed['came'] as unknown[]) {
      if (!Array.isArray(entry)) continue;
      const [name, written, as] = entry as [string, unknown, Form]; // as `pack` wrote it
      const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
      // Of a large double, JSON has told the exact form: it is one again when the value is taken for what it was.
      if (isExact(read)) keep(fields, name, { value: read instanceof Decimal ? doubleOf(read) : read, written, as });
    }
  }
  for (const part of Object.values(value)) unpackAll(part);
};
