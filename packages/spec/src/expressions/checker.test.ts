import { expect, test } from 'vitest';
import type { Field } from '../document/type.ts';
import { formatType, parseType } from '../document/type-text.ts';
import { typeCheck } from './checker.ts';
import { completions } from './completions.ts';
import type { Scope } from './scope.ts';

const field = (text: string): Field => {
  const parsed = parseType(text);
  if ('message' in parsed) throw new Error(parsed.message);
  return { ...parsed, sensitive: false };
};
const fields = (texts: Readonly<Record<string, string>>): Record<string, Field> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, field(text)]));

const scope: Scope = {
  key: { kind: 'string' },
  value: { kind: 'model', model: 'Order' },
  models: {
    Order: {
      fields: fields({
        id: 'string',
        amount: 'double',
        count: 'int',
        total: 'long',
        ok: 'boolean',
        ts: 'timestamp',
        note: 'string?',
        discount: 'double?',
        tags: 'list<string>',
        by: 'map<long>',
        status: "'new' | 'paid' | 'void'",
        customer: 'Customer',
      }),
    },
    Customer: { fields: fields({ name: 'string', country: 'string?' }) },
  },
};

test.each([
  ['value.count + 1', 'int'],
  ['value.count + value.total', 'long'],
  ['value.amount * 2', 'double'],
  ['value.count / 2', 'double'],
  ['value.ts - time', 'long'],
  ['value.ts + 1000', 'timestamp'],
  ['value.customer.name', 'string'],
  ['value.customer', 'Customer'],
  ['value.tags[0]', 'string'],
  ['value.by.x', 'long'],
  ["value.status == 'paid'", 'boolean'],
  ['value.note ?? "none"', 'string'],
  ['value.ok ? 1 : 2.5', 'double'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression's template, as text
  ['`a${value.id}`', 'string'],
  ['[1, 2.5]', 'list<double>'],
  ['{ a: value.id, b: value.note }', '{ a: string, b: string? }'],
  ['coalesce(value.discount, 0)', 'double'],
  ['max(value.count, 2)', 'int'],
  ['round(value.amount)', 'long'],
  ["'x'", "'x'"],
  ['value.note != null', 'boolean'],
  ['!value.ok && value.note == null', 'boolean'],
])('%s is %s', (source, type) => {
  const checked = typeCheck(source, scope);
  expect(checked.problems).toEqual([]);
  expect(checked.type && formatType(checked.type)).toBe(type);
});

test.each([
  ['value.amont > 1', 'amont', 'value has no field amont', 'value.amount > 1'],
  ['ok', 'ok', 'ok is not known', 'value.ok'],
  ['vlaue.ok', 'vlaue', 'vlaue is not known', 'value.ok'],
  ['value.ok > 1', 'value.ok > 1', '> compares numbers, or texts; not boolean with int', undefined],
  [
    "value.status == 'payed'",
    "value.status == 'payed'",
    "'new' | 'paid' | 'void' is never the same as 'payed'",
    undefined,
  ],
  ['value.id == 1', 'value.id == 1', 'string is never the same as int', undefined],
  ['value.amount && true', 'value.amount', '&& takes true or false; value.amount is double', undefined],
  ['value.id * 2', 'value.id', '* takes numbers; value.id is string', undefined],
  ['loweer(value.id)', 'loweer', 'there is no function loweer', 'lower(value.id)'],
  ['lower(value.count)', 'value.count', 'lower takes a text; value.count is int', undefined],
  ['lower()', 'lower()', 'lower takes 1 argument, not 0', undefined],
  ['count()', 'count', 'count is an aggregate', undefined],
  ['value.id.length', 'length', 'value.id is string and has no fields', 'length(value.id)'],
  ['value.id.toLowerCase()', 'toLowerCase', 'values have no methods', 'lower(value.id)'],
  ['value.id = 1', '=', 'an expression changes nothing; = sets', 'value.id == 1'],
  ['value.ok and true', 'and', 'and is written &&', 'value.ok && true'],
  ['window.start', 'window', 'window is not known here', undefined],
  [
    'value == null || value.customer == value',
    'value.customer == value',
    "Customer can't be compared as a whole",
    undefined,
  ],
  ['value.amount >', '>', 'ends too early', undefined],
  ["value.id in 'abc'", "'abc'", "in looks into a list; 'abc' is 'abc'", undefined],
])('%s is refused at its place', (source, at, message, mended) => {
  const { type, problems } = typeCheck(source, scope);
  const [problem] = problems;
  expect(type).toBe(null);
  expect(problem?.message).toBe(message);
  expect(source.slice(problem?.span.start, problem?.span.end)).toBe(at);
  expect(problem?.fix?.source).toBe(mended);
});

test('arithmetic on what may be null is warned of, with the way out', () => {
  const { type, problems } = typeCheck('value.amount - value.discount', scope);
  expect(type).toEqual({ kind: 'double' });
  expect(problems.map(({ severity, message, fix }) => [severity, message, fix?.source])).toEqual([
    [
      'warning',
      'value.discount may be null; then the record goes to the dead letters',
      'value.amount - coalesce(value.discount, 0)',
    ],
  ]);
});

const labels = (source: string): string[] => completions(source, source.length, scope).map(({ label }) => label);

test('completion offers fields after a dot, names and functions elsewhere, and the values of an enum', () => {
  expect(labels('value.c')).toEqual(['count', 'customer', 'discount']);
  expect(labels('value.customer.')).toEqual(['name', 'country']);
  expect(labels('!va')[0]).toBe('value');
  expect(labels('value.status == ').slice(0, 3)).toEqual(["'new'", "'paid'", "'void'"]);
  expect(labels("value.status == 'p")).toEqual(['paid']);
  expect(completions('s', 1, scope, 'aggregate').map(({ label }) => label)).toEqual([
    'sum',
    'first',
    'last',
    'distinct',
  ]);
  expect(labels('lower(value.id) == sub')).toEqual(['substring']);
});

test('the time to check a long sum grows with its length', () => {
  expect(typeCheck(Array(150).fill('value.count').join(' + '), scope).type).toEqual({ kind: 'int' });
});
