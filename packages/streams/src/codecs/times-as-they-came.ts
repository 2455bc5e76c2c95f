import { hasFields, isUnknown, setField, type TimeUnit, type Type } from '@millrace/spec';
import { writeTime } from './time-unit.ts';

/**
 * What the times in an object or a list were written as, by field or place, where that says more than whole milliseconds in memory do: a text, its
 * zone, finer digits, another unit. It goes along where a step copies the object, so that what no step touches is written as it came (SPEC D12).
 */
const asTheyCame = Symbol('times as they came');

interface Holder {
  [asTheyCame]?: Readonly<Record<string, Came>>;
}

interface Came {
  readonly timeMs: number;
  readonly written: unknown;
  readonly unit: TimeUnit | undefined;
}

/** Remembers how a time was written, unless it would be written like that anyway. `read`: what is in memory. */
export type KeepTime = (holder: object, name: string | number, read: unknown, written: unknown) => void;

/** Undefined: values of the type are no times. */
export const keeperOf = (type: Type): KeepTime | undefined => {
  if (type.kind === 'timestamp') {
    const { unit } = type;
    return (holder, name, read, written) => {
      if (typeof read !== 'number' || (unit === undefined ? read : writeTime(read, unit)) === written) return;
      keep(holder, name, { timeMs: read, written, unit });
    };
  }
  if (type.kind !== 'union' || isUnknown(type)) return undefined;
  const keepers = type.of.flatMap((member) => keeperOf(member) ?? []);
  if (keepers.length === 0) return undefined;
  return (holder, name, read, written) => {
    // Which member it was read as, nothing tells; a number or a text of another member is in memory as it was written.
    if (read !== written) for (const keepTime of keepers) keepTime(holder, name, read, written);
  };
};

const keep = (holder: object, name: string | number, came: Came): void => {
  const times = holder as Holder; // any object may have the symbol
  times[asTheyCame] = { ...times[asTheyCame], [name]: came };
};

const cameOf = (holder: object, name: string | number): Came | undefined => {
  const times = (holder as Holder)[asTheyCame]; // as above
  return times !== undefined && Object.hasOwn(times, name) ? times[name] : undefined;
};

/** Takes along how a time was written where a step copies it to a field of another object. */
export const carryTime = (from: object, name: string, to: object, as: string): void => {
  const came = cameOf(from, name);
  if (came !== undefined) keep(to, as, came);
};

/** How a time was written, if it still is that time and `type`, of the field that it is written to, takes it so; undefined: it is to be written anew. */
export const writtenAs = (holder: object, name: string | number, timeMs: unknown, type: Type | undefined): unknown => {
  const came = cameOf(holder, name);
  return came !== undefined && came.timeMs === timeMs && takes(type, came) ? came.written : undefined;
};

const takes = (type: Type | undefined, came: Came): boolean => {
  if (type === undefined || isUnknown(type)) return true;
  if (type.kind === 'union') return type.of.some((member) => takes(member, came));
  if (type.kind !== 'timestamp') return false;
  const isText = typeof came.written === 'string';
  return type.unit === came.unit || (isText && (type.unit ?? 'iso') === 'iso' && (came.unit ?? 'iso') === 'iso');
};

/** Whether a value has times that are to be written as they came. */
export const holdsTimes = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if ((value as Holder)[asTheyCame] !== undefined) return true; // as above
  if (Array.isArray(value)) return value.some(holdsTimes);
  if (!hasFields(value)) return false;
  for (const name in value) if (typeof value[name] === 'object' && holdsTimes(value[name])) return true;
  return false;
};

/** No field of a person's has this name: where they go along between two stages of an app, in each object itself. */
const packed = '\u0000times';
const packedBytes = Buffer.from(JSON.stringify(packed));

/** A value for the app's next stage: with how its times came, in objects; those of lists go on as they are in memory. */
export const packTimes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(packTimes);
  if (!hasFields(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) setField(copy, name, packTimes(field));
  const times = Object.entries((value as Holder)[asTheyCame] ?? {}).flatMap(
    (
      [name, came], // any object may have the symbol
    ) => (value[name] === came.timeMs ? [[name, came.written, came.unit ?? null]] : []),
  );
  return times.length === 0 ? copy : { ...copy, [packed]: times };
};

/** Undoes `packTimes`, in place: the caller owns what was parsed of these bytes. */
export const unpackTimes = (value: unknown, bytes: Buffer): unknown => {
  if (bytes.includes(packedBytes)) unpack(value);
  return value;
};

const unpack = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  const times = hasFields(value) && Object.hasOwn(value, packed) ? value[packed] : undefined;
  if (Array.isArray(times)) {
    delete (value as Record<string, unknown>)[packed]; // the caller owns it
    for (const time of times) {
      const [name, written, unit] = time as [string, unknown, TimeUnit | null]; // as `packTimes` wrote it
      const timeMs: unknown = (value as Record<string, unknown>)[name]; // an object, as just seen
      if (typeof timeMs === 'number') keep(value, name, { timeMs, written, unit: unit ?? undefined });
    }
  }
  for (const part of Object.values(value)) unpack(part);
};
