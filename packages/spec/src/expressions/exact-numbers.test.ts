import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseType } from '../document/type-text.ts';
import { parseJson } from '../json/parse.ts';
import { writeJson } from '../json/write.ts';
import { Decimal } from '../numbers/decimal.ts';
import { isExact, longOf } from '../numbers/exact.ts';
import { typeCheck } from './checker.ts';
import { compileExpression } from './compile.ts';
import { ExpressionError } from './evaluation.ts';
import type { Scope } from './scope.ts';

const types = {
  big: 'double',
  l: 'long',
  m: 'long',
  d: 'decimal',
  e: 'decimal',
  x: 'double',
  y: 'double',
  i: 'int',
  t: 'timestamp',
};
const scope: Scope = {
  key: { kind: 'string' },
  value: {
    kind: 'record',
    fields: Object.fromEntries(
      Object.entries(types).map(([name, text]) => {
        const parsed = parseType(text);
        if ('message' in parsed) throw new Error(parsed.message);
        return [name, { ...parsed, sensitive: false }];
      }),
    ),
  },
  models: {},
};

const decimal = (text: string): Decimal => {
  const read = Decimal.read(text);
  if (read === undefined) throw new Error(`${text} is no decimal`);
  return read;
};
const row = {
  l: 9007199254740993n,
  m: 9007199254740992n,
  d: decimal('0.10'),
  e: decimal('0.20'),
  x: 0.1,
  y: 0.2,
  i: 7,
  t: 1_700_000_000_000,
};
const evaluate = (source: string, value: unknown = row): unknown => {
  const result = compileExpression(source, scope)({ key: 'k', value, timeMs: 0 });
  return isExact(result) && typeof result !== 'number' ? writeJson(result) : result;
};

test.each<[string, unknown]>([
  ['value.l == value.m', false],
  ['value.l == 9007199254740993', true],
  ['value.l != 9007199254740992', true],
  ['value.l > value.m', true],
  ['value.l >= 9007199254740994', false],
  ['value.l in [9007199254740993, 1]', true],
  ['value.m in [9007199254740993, 1]', false],
  ['value.l in [value.i, value.l]', true],
  ['value.l + 1', '9007199254740994'],
  ['value.l - value.m', 1],
  ['value.i * 9007199254740993', '63050394783186951'],
  ['value.l % 10', 3],
  ['-value.l', '-9007199254740993'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['abs(-value.l)', '9007199254740993'],
  ['min(value.l, value.m)', '9007199254740992'],
  ['max(value.i, value.l)', '9007199254740993'],
  ['round(value.l)', '9007199254740993'],
  ['string(value.l)', '9007199254740993'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression's template, as text
  ['`id ${value.l}`', 'id 9007199254740993'],
  ["'id ' + value.l", 'id 9007199254740993'],
  ["number('9007199254740993')", '9007199254740993'],
  ["long('9007199254740993')", '9007199254740993'],
  ["long('9223372036854775808')", null],
  ["long('1.5')", null],
  ['value.l / 2', 4503599627370496],
  ['contains([value.m, value.l], 9007199254740993)', true],
  ['value.d + value.e', '0.3'],
  ['value.d + value.e == 0.3', true],
  ['value.d + 0.2', '0.3'],
  ['value.d + value.y', '0.3'],
  ['value.x + value.y', 0.1 + 0.2],
  ['value.d * value.e', '0.02'],
  ['value.e - value.d', '0.1'],
  ['value.e / value.d', '2'],
  ['value.d / 3', '0.03333333333333333333'],
  ['value.e % 0.15', '0.05'],
  ['value.d == 0.1', true],
  ['value.d in [0.1]', true],
  ['value.d < value.e && value.d >= 0.1', true],
  ['-value.d', '-0.1'],
  ['abs(-value.d)', '0.1'],
  ['min(value.e, value.d)', '0.10'],
  ['round(value.d)', 0],
  ['round(decimal("2.345"), 2)', '2.35'],
  ['round(decimal("-2.5"))', -2],
  ['ceil(decimal("-2.5"))', -2],
  ['floor(decimal("-2.5"))', -3],
  ['string(value.d)', '0.10'],
  ['decimal("12345678901234567890.12") + 0.01', '12345678901234567890.13'],
  ['decimal("x")', null],
  ['value.l + 0.5', 9007199254740992],
  ['decimal(value.l) + 0.5', '9007199254740993.5'],
  ['value.x * 1e300', 1e299],
])('[N3] %s', (source, result) => {
  expect(evaluate(source)).toEqual(result);
});

test.each([
  ['value.l * value.l', 'value.l * value.l does not fit into 64 bits'],
  ['9223372036854775807 + value.i', '9223372036854775807 + value.i does not fit into 64 bits'],
  ['-value.n', '-value.n does not fit into 64 bits'],
  ['value.l % 0', '0 is 0: a division by zero'],
  ['value.d / (value.d - 0.1)', 'value.d - 0.1 is 0: a division by zero'],
  ['decimal("1e99") * decimal("1e99")', 'decimal("1e99") * decimal("1e99") is too large, or has too many digits'],
  ['value.big * value.big', 'value.big * value.big is larger than a double can be'],
  ['value.huge + value.d', 'value.huge + value.d is too large, or has too many digits'],
])('[N3] %s is an error in words', (source, message) => {
  const value = { ...row, n: -9223372036854775808n, huge: parseJson('1e1000000'), big: 1e300 };
  const act = () =>
    compileExpression(
      source,
      source.includes('value.n') || source.includes('huge') ? undefined : scope,
    )({ key: 'k', value, timeMs: 0 });
  expect(act).toThrow(ExpressionError);
  expect(act).toThrow(message);
});

test('[N3] doubles are never held to 64 bits, whole ones neither', () => {
  const value = { ...row, x: 4e9, y: 9e9 };
  expect(evaluate('value.x * value.y', value)).toBe(3.6e19);
  expect(compileExpression('value.x * value.y')({ key: 'k', value, timeMs: 0 })).toBe(3.6e19);
});

test.each([
  ['value.l + value.i', 'long'],
  ['value.d + value.l', 'decimal'],
  ['value.d + value.x', 'decimal'],
  ['value.d / value.i', 'decimal'],
  ['value.l / value.i', 'double'],
  ['9007199254740993', 'long'],
  ['0.12345678901234567890123', 'decimal'],
  ['0.1', 'double'],
  ['round(value.d, 2)', 'decimal'],
  ['decimal("1")', 'decimal'],
  ['long("1")', 'long'],
])('[N3] the type of %s is %s', (source, kind) => {
  expect(typeCheck(source, scope)).toMatchObject({ type: { kind }, problems: [] });
});

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -9n, max: 9n }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
);

test('[N3] arithmetic and order of longs are those of big integers, within 64 bits', () => {
  fc.assert(
    fc.property(int64, int64, fc.constantFrom('+', '-', '*', '%', '<', '<=', '==', '>', '>='), (a, b, operator) => {
      fc.pre(!(operator === '%' && b === 0n));
      const value = { l: longOf(a), m: longOf(b) };
      const expected = new Function('a', 'b', `return a ${operator} b`)(a, b);
      const result = () => compileExpression(`value.l ${operator} value.m`, scope)({ key: 'k', value, timeMs: 0 });
      const fits = typeof expected === 'boolean' ? expected : longOf(expected);
      if (fits === undefined) expect(result).toThrow('does not fit into 64 bits');
      // −0 is 0.
      else expect(result() === fits).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('[N3] sums and products of decimals are those of whole numbers with their point moved', () => {
  const scaled = fc.record({
    units: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
    places: fc.integer({ min: 0, max: 12 }),
  });
  type Scaled = { readonly units: bigint; readonly places: number };
  const text = ({ units, places }: Scaled) => `${units}e-${places}`;
  fc.assert(
    fc.property(scaled, scaled, fc.constantFrom('+', '-', '*'), (a, b, operator) => {
      const value = { d: decimal(text(a)), e: decimal(text(b)) };
      const places = Math.max(a.places, b.places);
      const [x, y] = [a.units * 10n ** BigInt(places - a.places), b.units * 10n ** BigInt(places - b.places)];
      const expected =
        operator === '*'
          ? text({ units: a.units * b.units, places: a.places + b.places })
          : text({ units: operator === '+' ? x + y : x - y, places });
      expect(evaluate(`value.d ${operator} value.e == decimal('${expected}')`, value)).toBe(true);
    }),
  );
});
