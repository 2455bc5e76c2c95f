import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression, compileExpressionColumns } from './compile.ts';
import { ExpressionError } from './evaluation.ts';
import { fieldsUsed } from './fields-used.ts';

const value = {
  n: 3,
  m: -2.5,
  zero: 0,
  text: 'abc',
  flag: true,
  off: false,
  none: null,
  tags: ['a', 'b'],
  nested: { x: 1 },
  map: { k: 'v' },
  ts: Date.UTC(2026, 10, 22, 14, 30),
};
const run = (source: string, over: unknown = value): unknown =>
  compileExpression(source)({
    key: 'k',
    value: over,
    timeMs: 1_000,
    headers: [
      ['h', Buffer.from('first')],
      ['h', Buffer.from('é')],
      ['null', null],
      ['binary', Buffer.from([0xff])],
    ],
    window: { start: 0, end: 60_000 },
  });

test.each([
  ['value.n > 2 && !value.off', true],
  ['2 < value.n', true],
  ['value.n + 1 * 2', 5],
  ['-value.n', -3],
  ['value.text + 1', 'abc1'],
  ['value.n === 3', true],
  ['value.n != 3', false],
  ['value.flag ? 1 : 2', 1],
  ["value.text in ['abc', 'd']", true],
  ["'a' in value.tags", true],
  ['value.nested.x', 1],
  ["value['text']", 'abc'],
  ['value.tags[1]', 'b'],
  ['value.tags[9]', null],
  ["value.map['k']", 'v'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression's template, as text
  ['`${key}: ${value.n}${value.none}`', 'k: 3'],
  ['{ a: value.n, b: [key] }', { a: 3, b: ['k'] }],
  ['headers.h', 'é'],
  ['headers.null', null],
  ["headers[lower('H')]", 'é'],
  ['headers.other', null],
  ['window.end - window.start', 60_000],
  ['time', 1_000],
  ['lower("ABC") + upper(value.text)', 'abcABC'],
  ['contains(value.text, "b") && contains(value.tags, "a")', true],
  ['length(value.tags) + length(value.text)', 5],
  ['round(2.345, 2)', 2.35],
  ['coalesce(value.none, value.gone, 7)', 7],
  ['value.none ?? 7', 7],
  ['number("12") + number("1e2")', 112],
  ['number("x")', null],
  ['matches(value.text, "^a.c$")', true],
  ['iso(value.ts)', '2026-11-22T14:30:00.000Z'],
  ['date(value.ts)', '2026-11-22'],
  ['hour(value.ts) * 100 + minute(value.ts)', 1_430],
  ["timestamp('2026-11-22') < value.ts", true],
  ['max(1, value.n, 2)', 3],
  ['substring(value.text, 1)', 'bc'],
  ['(value.n)', 3],
])('%s', (source, expected) => {
  expect(run(source)).toEqual(expected);
});

test.each([
  ['value.none == null', true],
  ['value.gone == null', true],
  ['value.gone != null', false],
  ['value.gone.deeper.still', null],
  ['value.none > 0', false],
  ['value.none <= 0', false],
  ['value.none in [null]', false],
  ['!value.none', true],
  ['value.none && true', false],
  ['value.none ? 1 : 2', 2],
  ['lower(value.none)', null],
  ['contains(value.none, "a")', false],
  ['concat(value.none, "a")', 'a'],
])('null: %s', (source, expected) => {
  expect(run(source)).toEqual(expected);
});

test.each([
  ['value.none + 1', 'value.none is null'],
  ['1 - value.gone', "value.gone is null and can't be subtracted"],
  ['value.flag * 2', 'value.flag is true'],
  ['value.text - 1', 'value.text is "abc"'],
  ['value.n / value.zero', 'value.zero is 0: a division by zero'],
  ['-value.none', 'value.none is null'],
])('arithmetic without a sensible value throws, naming the field: %s', (source, message) => {
  expect(() => run(source)).toThrow(ExpressionError);
  expect(() => run(source)).toThrow(message);
});

test.each([
  'value.n = 1',
  'value.n++',
  '() => 1',
  'new Date()',
  'globalThis',
  'process.exit()',
  'this',
  'value.text.constructor("x")',
  'import("fs")',
  'eval("1")',
  'a, b',
  'value`x`',
  '/a+/',
  'value.n; 1',
  'function () {}',
  'delete value.n',
  'typeof value',
  '...value',
  '{ ...value }',
  '{ [key]: 1 }',
  'matches(key, value.text)',
  'matches(key, "(a)\\\\1")',
  `${'('.repeat(3_000)}1`,
  `${'!'.repeat(3_900)}true`,
  '',
  ' ',
  '1 +',
  'value.',
  'value.n value.m',
  'value.n and true',
])('not part of the language: %s', (source) => {
  expect(() => compileExpression(source)).toThrow(SyntaxError);
});

test('a header that is no UTF-8 text is an error in words, by its name or among all', () => {
  expect(() => run('headers.binary')).toThrow(
    new ExpressionError('the header binary is not UTF-8 text', { start: 0, end: 14 }),
  );
  expect(() => run('{ all: headers }')).toThrow('the header binary is not UTF-8 text');
});

test('headers on their own are a map of the last of each name', () => {
  const headers = [
    ['a', Buffer.from('1')],
    ['__proto__', null],
    ['a', Buffer.from('2')],
  ] as const;
  const all = compileExpression('headers')({ key: null, value: null, timeMs: 0, headers });
  expect(Object.entries(all as object)).toEqual([
    ['a', '2'],
    ['__proto__', null],
  ]);
  expect(compileExpression('headers')({ key: null, value: null, timeMs: 0 })).toEqual({});
});

test('nothing that objects inherit can be read', () => {
  for (const source of [
    'value.constructor',
    'value.__proto__',
    "value['toString']",
    'value.nested.constructor',
    'value.map["constructor"]',
    'headers.constructor',
    'key.constructor',
    'window.constructor',
  ]) {
    expect(run(source)).toBe(null);
  }
});

interface Tree {
  readonly text: string;
}

const leaf = fc
  .oneof(
    fc.constantFrom('value.a', 'value.b', 'value.c'),
    fc.integer({ min: -9, max: 9 }).map((n) => `(${n})`),
  )
  .map((text): Tree => ({ text }));
const { number, condition } = fc.letrec<{ number: Tree; condition: Tree }>((tie) => ({
  number: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number'))
      .map(([a, op, b]) => ({ text: `(${a.text} ${op} ${b.text})` })),
    fc
      .tuple(tie('condition'), tie('number'), tie('number'))
      .map(([c, a, b]) => ({ text: `(${c.text} ? ${a.text} : ${b.text})` })),
  ),
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('value.p', 'value.q', 'true', 'false').map((text) => ({ text })),
    fc
      .tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>=', '===', '!=='), tie('number'))
      .map(([a, op, b]) => ({ text: `(${a.text} ${op} ${b.text})` })),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, op, b]) => ({ text: `(${a.text} ${op} ${b.text})` })),
    tie('condition').map(({ text }) => ({ text: `!${text}` })),
  ),
}));

test('on numbers and booleans, an expression means what it means in JavaScript, as long as that is exact', () => {
  const rows = fc.record({
    a: fc.integer({ min: -9, max: 9 }),
    b: fc.integer({ min: -9, max: 9 }),
    c: fc.double({ noNaN: true, min: -1e3, max: 1e3 }),
    p: fc.boolean(),
    q: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.oneof(number, condition), rows, ({ text }, row) => {
      const oracle = new Function('value', `return ${text}`);
      fc.pre(!(Math.abs(oracle(row)) > Number.MAX_SAFE_INTEGER));
      expect(compileExpressionColumns(text)('k', row, 0, undefined, undefined)).toEqual(oracle(row));
    }),
    { numRuns: 300 },
  );
});

test('no text makes the parser throw anything but a SyntaxError', () => {
  const pieces = fc.constantFrom(
    'value',
    '.',
    'n',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '?',
    ':',
    ' ',
    '+',
    '!',
    '"',
    "'",
    '`',
    '${',
    '1',
    'in',
    '=>',
    ',',
    '/',
    '\\',
    'async ',
    'yield',
    '#a',
    '0x',
    '1n',
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join('')),
      (text) => {
        try {
          compileExpression(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test.each([
  ['value.a > value.b.c && value.a < 3', ['a', 'b']],
  ['key', []],
  ['length(value)', 'all'],
  ['{ v: value }', 'all'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression's template, as text
  ['value["x y"] == `${value.z}`', ['x y', 'z']],
  ['value[key]', 'all'],
  ['not an expression', 'all'],
])('fields used by %s', (source, fields) => {
  expect(fieldsUsed(source)).toEqual(fields);
});
