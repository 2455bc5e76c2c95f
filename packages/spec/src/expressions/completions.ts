import { type AggregateFunction, aggregateFunctions } from '../document/document.ts';
import type { Type } from '../document/type.ts';
import { formatType } from '../document/type-text.ts';
import { fieldsIn } from '../types/fields.ts';
import { typeCheck } from './checker.ts';
import { expressionFunctions } from './functions.ts';
import { namesOf, type Scope } from './scope.ts';

export interface Completion {
  /** What is put in place of `[from, cursor)`. */
  readonly label: string;
  readonly kind: 'name' | 'field' | 'function' | 'value';
  /** As text: `string`, `long`. */
  readonly type: string;
  readonly detail: string;
  /** Where the word that it completes starts. */
  readonly from: number;
}

const descriptions: Readonly<Record<string, string>> = {
  key: "The record's key",
  value: "The record's value",
  time: "The event's time, epoch ms",
  headers: "The record's headers",
  window: 'The window, [start, end)',
};

/**
 * What can stand at the cursor: fields after a dot, values beside an enum, else names and functions. Those that start with the word come
 * first. In an `aggregate`, what is outside of the brackets is the name of an aggregate.
 */
export function completions(
  source: string,
  cursor: number,
  scope: Scope,
  kind: 'expression' | 'aggregate' = 'expression',
): Completion[] {
  const before = source.slice(0, cursor);
  if (isInText(before)) return valuesInText(before, scope);
  const word = /[\w$]*$/.exec(before)?.[0] ?? '';
  const from = cursor - word.length;
  const wanted = word.toLowerCase();
  const rank = ({ label }: Completion): number => (label.toLowerCase().startsWith(wanted) ? 0 : 1);
  return candidates(before.slice(0, from), scope, kind, from)
    .filter(({ label }) => label.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b));
}

function candidates(before: string, scope: Scope, kind: 'expression' | 'aggregate', from: number): Completion[] {
  if (kind === 'aggregate' && before.trim() === '') return aggregates(from);
  const object = /((?:[A-Za-z_$][\w$]*\s*\??\.\s*)*[A-Za-z_$][\w$]*)\s*\??\.\s*$/.exec(before)?.[1];
  return object === undefined ? starts(scope, from, before) : fields(object, scope, from);
}

const aggregateDetails: Readonly<Record<AggregateFunction, readonly [type: string, detail: string]>> = {
  count: ['long', 'count(). How many events'],
  sum: ['number', 'sum(number). The sum'],
  min: ['any', 'min(value). The least'],
  max: ['any', 'max(value). The greatest'],
  avg: ['double', 'avg(number). The mean'],
  first: ['any', 'first(value). Of the earliest event'],
  last: ['any', 'last(value). Of the latest event'],
  distinct: ['long', 'distinct(value). How many different values'],
};

const aggregates = (from: number): Completion[] =>
  aggregateFunctions.map((label) => {
    const [type, detail] = aggregateDetails[label];
    return { label, kind: 'function', type, detail, from };
  });

function isInText(before: string): boolean {
  const outside = before.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, '');
  return /['"]/.test(outside);
}

function fields(object: string, scope: Scope, from: number): Completion[] {
  const { type } = typeCheck(object, scope);
  if (type === null) return [];
  return Object.entries(fieldsIn(type, scope.models) ?? {}).map(
    ([label, field]): Completion => ({
      label: label,
      kind: 'field',
      type: formatType(field.type),
      detail: field.label ?? (field.optional ? 'optional' : ''),
      from,
    }),
  );
}

function starts(scope: Scope, from: number, before: string): Completion[] {
  const names = [...namesOf(scope)].map(
    ([label, type]): Completion => ({
      label,
      kind: 'name',
      type: formatType(type),
      detail: descriptions[label] ?? '',
      from,
    }),
  );
  const functions = expressionFunctions.map(
    ({ name, signature, description }): Completion => ({
      label: name,
      kind: 'function',
      type: signature.slice(signature.indexOf('→') + 2),
      detail: `${signature}. ${description}`,
      from,
    }),
  );
  const values = enumBefore(before, scope).map(
    (value): Completion => ({ label: `'${value}'`, kind: 'value', type: 'string', detail: '', from }),
  );
  return [...values, ...names, ...functions];
}

/** The values of the enum that is compared right before the cursor. */
function enumBefore(before: string, scope: Scope): readonly string[] {
  const left = /([A-Za-z_$][\w$.?]*)\s*(?:===?|!==?|in\s*\[[^\]]*)\s*$/.exec(before)?.[1];
  const type: Type | null = left === undefined ? null : typeCheck(left, scope).type;
  return type?.kind === 'enum' ? type.values : [];
}

function valuesInText(before: string, scope: Scope): Completion[] {
  const quote = Math.max(before.lastIndexOf("'"), before.lastIndexOf('"'));
  const typed = before.slice(quote + 1).toLowerCase();
  const values = enumBefore(before.slice(0, quote), scope).filter((value) => value.toLowerCase().startsWith(typed));
  return values.map((label): Completion => ({ label, kind: 'value', type: 'string', detail: '', from: quote + 1 }));
}
