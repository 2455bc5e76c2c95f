import { isMapping } from '../document/form.ts';
import { fieldNameProblem } from '../document/id.ts';
import { asTime } from '../expressions/functions.ts';
import { isExact, simplest } from '../numbers/exact.ts';

/** A model guessed from records. */
export interface SampledModel {
  readonly name: string;
  /** As it is written in a document. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** By field, 0 to 1: how sure the guess is, by the number of samples and by how many bear it out. */
  readonly confidence: Readonly<Record<string, number>>;
  /** How many records were objects, and so looked at. */
  readonly samples: number;
}

/** At most this many fields are taken over, those of the first records first. */
const maxFields = 200;
const maxDepth = 4;

/**
 * Guesses a model from JSON records. A field that some records lack, or have as null, is optional; numbers between the years 2001 and 2100
 * in epoch milliseconds and ISO 8601 texts are timestamps; where records disagree, a field is a union, or a string when nothing better fits.
 */
export function modelFromSamples(samples: readonly unknown[], name: string): SampledModel {
  const records = samples.filter(isMapping);
  const fields: Record<string, unknown> = {};
  const confidence: Record<string, number> = {};
  for (const field of fieldNames(records)) {
    const values = records.map((record) => (Object.hasOwn(record, field) ? record[field] : undefined));
    const guess = guessField(values, field, 0);
    fields[field] = guess.authored;
    confidence[field] = Math.round(guess.share * (1 - 1 / (1 + guess.seen)) * 100) / 100;
  }
  return { name, fields, confidence, samples: records.length };
}

function fieldNames(records: readonly Readonly<Record<string, unknown>>[]): string[] {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return [...names].filter((name) => fieldNameProblem(name) === null).slice(0, maxFields);
}

interface Guess {
  readonly authored: unknown;
  /** Share of the values that are there and have the type. */
  readonly share: number;
  readonly seen: number;
}

function guessField(values: readonly unknown[], name: string, depth: number): Guess {
  const present = values.filter((value) => value !== null && value !== undefined);
  const optional = present.length < values.length;
  if (present.length === 0) return { authored: 'string?', share: 0, seen: 0 };
  const { type, share } = guessType(present, name, depth);
  if (!isMapping(type)) return { authored: `${type}${optional ? '?' : ''}`, share, seen: present.length };
  return { authored: optional ? { type, optional: true } : type, share, seen: present.length };
}

/** The type as written: text, or the fields of an inline record. */
function guessType(
  values: readonly unknown[],
  name: string,
  depth: number,
): { type: string | Readonly<Record<string, unknown>>; share: number } {
  const counts = new Map<string, number>();
  for (const value of values) {
    const kind = kindOf(value, name);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = widened(counts);
  const [only, ...others] = kinds;
  if (only === undefined || others.length > 0) {
    const structured = kinds.some((kind) => kind === 'list' || kind === 'record');
    return { type: structured ? 'string' : kinds.join(' | '), share: Math.max(...counts.values()) / values.length };
  }
  if (only === 'list')
    return guessList(
      values.flatMap((value) => (Array.isArray(value) ? value : [])),
      name,
      depth,
    );
  if (only === 'record') return guessRecord(values.filter(isMapping), depth);
  return { type: only, share: 1 };
}

function guessList(items: readonly unknown[], name: string, depth: number): { type: string; share: number } {
  const present = items.filter((item) => item !== null && item !== undefined);
  if (present.length === 0 || depth >= maxDepth)
    return { type: 'list<string>', share: present.length === 0 ? 0.5 : 0.3 };
  const { type, share } = guessType(present, name, depth + 1);
  return typeof type === 'string' ? { type: `list<${type}>`, share } : { type: 'list<map<string>>', share: 0.5 };
}

function guessRecord(
  records: readonly Readonly<Record<string, unknown>>[],
  depth: number,
): { type: string | Readonly<Record<string, unknown>>; share: number } {
  const names = fieldNames(records);
  if (names.length === 0 || depth >= maxDepth) return { type: 'map<string>', share: 0.5 };
  // Keys that hardly ever come twice are data, not fields.
  const uses = records.reduce((sum, record) => sum + Object.keys(record).length, 0);
  if (names.length > 20 && uses < names.length * 2) {
    const { type, share } = guessType(
      records.flatMap((record) => Object.values(record)),
      '',
      depth + 1,
    );
    return { type: typeof type === 'string' ? `map<${type}>` : 'map<string>', share };
  }
  const fields: Record<string, unknown> = {};
  for (const name of names)
    fields[name] = guessField(
      records.map((record) => (Object.hasOwn(record, name) ? record[name] : undefined)),
      name,
      depth + 1,
    ).authored;
  // Fields named as the attributes of a long form would be read as one.
  return typeof fields['type'] === 'string' || Array.isArray(fields['enum'])
    ? { type: 'map<string>', share: 0.5 }
    : { type: fields, share: 1 };
}

const earliestMs = Date.UTC(2001, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);
const timeName =
  /(^|[._-])(ts|time|timestamp|date|at)$|(Time|Timestamp|Date|At|Ts)$|(Ms|Us|Ns|Micros|Nanos)$|_(ms|us|ns|micros|nanos)$/;
const uuidPattern = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

function kindOf(value: unknown, name: string): string {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return timeKind(value, name) ?? (Number.isInteger(value) ? 'long' : 'double');
    case 'string':
      if (uuidPattern.test(value)) return 'uuid';
      if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return asTime(value) === null ? 'string' : 'date';
      return asTime(value) === null ? 'string' : 'timestamp(iso)';
    case 'bigint':
      return timeKind(Number(value), name) ?? 'long';
    default:
      if (isExact(value)) {
        const simple = simplest(value);
        // Digits that neither a long nor a double keeps.
        return typeof simple === 'object' ? 'decimal' : kindOf(simple, name);
      }
      return Array.isArray(value) ? 'list' : 'record';
  }
}

/** A timestamp, in the unit in which the number is of this century; undefined: it is none. Other units than ms need a name that says so: ids look alike. */
function timeKind(value: number, name: string): string | undefined {
  const isWhole = Number.isInteger(value);
  const named = timeName.test(name);
  for (const [kind, perMs] of [
    ['timestamp(s)', 1e-3],
    ['timestamp', 1],
    ['timestamp(us)', 1e3],
    ['timestamp(ns)', 1e6],
  ] as const) {
    const timeMs = value / perMs;
    if (timeMs < earliestMs || timeMs >= latestMs) continue;
    if (kind === 'timestamp') return isWhole && (named || value > 1e12) ? kind : undefined;
    return named && (isWhole || kind === 'timestamp(s)') ? kind : undefined;
  }
  return undefined;
}

/** Timestamps in more than one unit: only ms and text are told apart as they are read. */
const timeKinds = ['timestamp', 'timestamp(s)', 'timestamp(iso)', 'timestamp(us)', 'timestamp(ns)'];

/** The kinds that are left when each is taken for the widest it goes with. */
function widened(counts: ReadonlyMap<string, number>): string[] {
  const kinds = new Set(counts.keys());
  if (kinds.has('string')) for (const text of ['uuid', 'date', ...timeKinds]) kinds.delete(text);
  const number = ['decimal', 'double', 'long'].find((kind) => kinds.has(kind));
  if (number !== undefined) {
    for (const narrower of [...timeKinds, 'long', 'double']) kinds.delete(narrower);
    kinds.add(number);
  }
  const units = timeKinds.filter((kind) => kinds.has(kind));
  if (units.length === 2 && kinds.has('timestamp') && kinds.has('timestamp(iso)')) kinds.delete('timestamp(iso)');
  return [...kinds];
}
