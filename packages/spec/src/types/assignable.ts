import type { Model } from '../document/document.ts';
import type { Field, Type } from '../document/type.ts';
import { formatType, isUnknown, unionOf, unknownType } from '../document/type-text.ts';
import { fieldsIn } from './fields.ts';

type Models = Readonly<Record<string, Model>>;

const integers = new Set(['int', 'long', 'timestamp']);
const fractions = new Set(['float', 'double', 'decimal']);
/** Types whose values are texts in JSON, and read as texts. */
const texts = new Set(['string', 'uuid', 'date', 'enum']);

export const isInteger = (type: Type): boolean => integers.has(type.kind);
export const isNumeric = (type: Type): boolean =>
  integers.has(type.kind) || fractions.has(type.kind) || everyMember(type, isNumeric);
export const isText = (type: Type): boolean => texts.has(type.kind) || everyMember(type, isText);

function everyMember(type: Type, holds: (member: Type) => boolean): boolean {
  return type.kind === 'union' && type.of.every(holds);
}

/** One reason why a value does not fit, at a path of field names. */
export interface Misfit {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * Whether every value of `from` is one of `to`. Integers widen (`int` to `long` to `double`), fractions are one kind, a timestamp is a `long`, an
 * enum is a `string`; a record fits where it has every required field, fields too many do no harm.
 */
export const isAssignable = (from: Type, to: Type, models: Models): boolean => misfits(from, to, models).length === 0;

/** By models, and the two types: many agents send what one topic has to another. */
const compared = new WeakMap<Models, WeakMap<Type, WeakMap<Type, readonly Misfit[]>>>();

/** Why `from` does not fit `to`: each missing or wrong field; empty when it fits. */
export function misfits(from: Type, to: Type, models: Models): readonly Misfit[] {
  const ofModels = compared.get(models) ?? new WeakMap<Type, WeakMap<Type, readonly Misfit[]>>();
  compared.set(models, ofModels);
  const ofType = ofModels.get(from) ?? new WeakMap<Type, readonly Misfit[]>();
  ofModels.set(from, ofType);
  const known = ofType.get(to);
  if (known !== undefined) return known;
  const found = compare(from, to, { models, path: [], depth: 0, inWords: true });
  ofType.set(to, found);
  return found;
}

interface Place {
  readonly models: Models;
  readonly path: readonly string[];
  readonly depth: number;
  /** False: it only counts whether they fit. */
  readonly inWords: boolean;
}

const unsaid: Misfit = { path: [], message: '' };

/** Models may nest themselves: past this depth two types are taken to fit. */
const maxDepth = 12;

function compare(from: Type, to: Type, place: Place): readonly Misfit[] {
  if (isUnknown(from) || isUnknown(to) || place.depth > maxDepth) return [];
  if (from.kind === 'model' && to.kind === 'model' && from.model === to.model) return [];
  if (from.kind === 'union') {
    for (const member of from.of) {
      const [first] = compare(member, to, place);
      if (first !== undefined) return [first];
    }
    return [];
  }
  if (to.kind === 'union') {
    const silently = { ...place, inWords: false };
    const fits =
      (from.kind === 'model' && to.of.some((member) => member.kind === 'model' && member.model === from.model)) ||
      to.of.some((member) => compare(from, member, silently).length === 0);
    return fits ? [] : [wrong(from, to, place)];
  }
  if (from.kind === 'list' && to.kind === 'list') return nested(from, to, compare(from.items, to.items, place), place);
  if (from.kind === 'map' && to.kind === 'map') return nested(from, to, compare(from.values, to.values, place), place);
  const wanted = fieldsIn(to, place.models);
  const given = fieldsIn(from, place.models);
  if (wanted !== null && given !== null) return compareFields(given, wanted, place);
  // A model that does not exist is another problem's business.
  if (from.kind === 'model' && given === null) return [];
  if (to.kind === 'model' && wanted === null) return [];
  return fitsPlain(from, to) ? [] : [wrong(from, to, place)];
}

const nested = (from: Type, to: Type, inner: readonly Misfit[], place: Place): readonly Misfit[] =>
  inner.length === 0 ? [] : [wrong(from, to, place)];

const wrong = (from: Type, to: Type, { path, inWords }: Place): Misfit =>
  inWords
    ? { path, message: `${path.length === 0 ? '' : `${path.join('.')} `}is ${formatType(from)}, not ${formatType(to)}` }
    : unsaid;

function compareFields(
  given: Readonly<Record<string, Field>>,
  wanted: Readonly<Record<string, Field>>,
  place: Place,
): readonly Misfit[] {
  return Object.entries(wanted).flatMap(([name, field]): readonly Misfit[] => {
    const path = [...place.path, name];
    const inside = { ...place, path, depth: place.depth + 1 };
    const own = Object.hasOwn(given, name) ? given[name] : undefined;
    const mayLack = field.optional || field.default !== undefined;
    if (own === undefined) {
      return mayLack ? [] : [{ path, message: `needs ${path.join('.')}: ${formatType(field.type)}` }];
    }
    if (own.optional && own.default === undefined && !mayLack) {
      return [{ path, message: `${path.join('.')} may be null, and has to be there` }];
    }
    return compare(own.type, field.type, inside);
  });
}

function fitsPlain(from: Type, to: Type): boolean {
  if (to.kind === 'enum') return from.kind === 'enum' && from.values.every((value) => to.values.includes(value));
  if (from.kind === to.kind) return true;
  switch (to.kind) {
    case 'string':
      return texts.has(from.kind);
    case 'uuid':
    case 'date':
      // A literal's text; whether it is one is seen when it is written.
      return from.kind === 'enum';
    case 'long':
    case 'timestamp':
      return integers.has(from.kind);
    case 'float':
    case 'double':
    case 'decimal':
      return integers.has(from.kind) || fractions.has(from.kind);
    default:
      return false;
  }
}

/** The narrowest type that holds the values of both. */
export function commonType(a: Type, b: Type, models: Models): Type {
  if (isUnknown(a)) return b;
  if (isUnknown(b)) return a;
  if (a.kind === 'enum' && b.kind === 'enum') return unionOf([a, b]);
  if (isAssignable(a, b, models)) return b;
  if (isAssignable(b, a, models)) return a;
  return unionOf([a, b]);
}

/** The type of a sum or product of two numbers: a decimal is one whatever it meets, whole numbers stay whole. */
export function numericType(a: Type, b: Type): Type {
  if (isUnknown(a) || isUnknown(b))
    return isUnknown(a) && isUnknown(b) ? unknownType : numericType(isUnknown(a) ? b : a, isUnknown(a) ? b : a);
  if (a.kind === 'decimal' || b.kind === 'decimal') return { kind: 'decimal' };
  if (!integers.has(a.kind) || !integers.has(b.kind)) return { kind: 'double' };
  return { kind: a.kind === 'int' && b.kind === 'int' ? 'int' : 'long' };
}
