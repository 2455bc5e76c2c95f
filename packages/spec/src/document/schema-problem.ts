import type * as z from 'zod';
import type { DocumentPath, Edit, Problem, ProblemCode } from '../problem.ts';
import { nearest, oneOf, quote } from '../suggestion.ts';
import { faultOf } from './form.ts';
import { elementWords, placeWords } from './path-words.ts';

/** What stands at a path of plain data; undefined where nothing does. */
export function valueAt(data: unknown, path: DocumentPath): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part]; // own, by the line above
  }
  return value;
}

/** Faults whose message names the last part of the path. */
const namesItself = new Set<ProblemCode>(['unknown-field', 'unknown-step', 'not-supported', 'duplicate-id']);

/** A zod issue as a problem: the element named, the value shown, the remedy where there is an obvious one. */
export function problemOfIssue(issue: z.core.$ZodIssue, authored: unknown): Problem {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const value = valueAt(authored, path);
  const fault = faultOf(issue);
  const said = fault ?? builtIn(issue, value);
  const named = namesItself.has(said.code) && typeof path.at(-1) === 'string';
  const place = named ? path.slice(0, -1) : path;
  const where = [elementWords(place), placeWords(place)].filter((words) => words !== '').join(': ');
  const shown =
    value === undefined || said.showValue === false || typeof value === 'object' ? '' : `, not ${quote(value)}`;
  const subject = where.charAt(0).toUpperCase() + where.slice(1);
  return {
    code: said.code,
    severity: 'error',
    path,
    message: `${subject}: ${said.message}${shown}`,
    ...(said.hint === undefined ? {} : { hint: said.hint }),
    ...(said.span === undefined ? {} : { span: said.span }),
    ...(said.meant === undefined ? {} : { fix: fixOf(path, said.meant) }),
  };
}

function fixOf(path: DocumentPath, meant: { rename: string } | { value: unknown }): { label: string; edits: Edit[] } {
  if ('rename' in meant) return { label: `Rename to ${meant.rename}`, edits: [{ path, rename: meant.rename }] };
  return { label: `Change to ${quote(meant.value)}`, edits: [{ path, value: meant.value }] };
}

/** The remedy for a number, true or false where text is due; who has the text adds how it is written. */
export const inQuotes = 'Put it in quotes.';

interface Said extends Pick<Problem, 'code' | 'message' | 'hint' | 'span'> {
  readonly showValue?: false;
  readonly meant?: { readonly rename: string } | { readonly value: unknown };
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function builtIn(issue: z.core.$ZodIssue, value: unknown): Said {
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = typeWords[issue.expected] ?? `a ${issue.expected}`;
      if (value === undefined) return { code: 'missing-field', message: `is missing; it must be ${wanted}` };
      const unquoted = issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
      return { code: 'wrong-type', message: `must be ${wanted}`, ...(unquoted && { hint: inQuotes }) };
    }
    case 'too_small':
      return { code: 'bad-value', message: bound('at least', issue.minimum, issue.origin) };
    case 'too_big':
      return { code: 'bad-value', message: bound('at most', issue.maximum, issue.origin) };
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      const meant = typeof value === 'string' ? nearest(value, allowed) : undefined;
      return {
        code: value === undefined ? 'missing-field' : 'bad-value',
        message: `must be ${oneOf(allowed, 20)}`,
        ...(meant === undefined ? {} : { hint: `Did you mean ${meant}?`, meant: { value: meant } }),
      };
    }
    default:
      return { code: 'bad-value', message: issue.message };
  }
}

function bound(words: string, limit: number | bigint, origin: string): string {
  if (origin === 'string') return `must have ${words} ${limit} characters`;
  if (origin === 'array') return `must list ${words} ${limit}`;
  return `must be ${words} ${limit}`;
}
