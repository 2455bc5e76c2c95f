import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decimal } from '../numbers/decimal.ts';
import { maxJsonDepth, parseJson } from './parse.ts';
import { canonicalJson, writeJson } from './write.ts';

const numbers = fc.oneof(
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => JSON.stringify(n)),
  fc
    .tuple(fc.integer(), fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 25 }))
    .map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.tuple(fc.integer(), fc.integer({ min: -400, max: 400 })).map(([whole, power]) => `${whole}e${power}`),
  fc.constantFrom('-0', '0', '0.0', '-0.10', '1E+5', '9007199254740993', '1e400'),
);
const texts = fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text));
const documents = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    numbers,
    texts,
    fc.constantFrom('true', 'false', 'null', '"a:1.50"', '{}', '[]'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(fc.oneof(texts, fc.constantFrom('"__proto__"', '"a"', '"x y"')), tie('value')), {
        maxLength: 4,
        selector: ([name]) => name,
      })
      .map((fields) => `{${fields.map(([name, value]) => `${name}:${value}`).join(',')}}`),
  ),
})).value;

test('what is parsed is written digit by digit the same', () => {
  fc.assert(
    fc.property(documents, (text) => {
      // Fields that are whole numbers come first in JavaScript's objects.
      fc.pre(!/"\d+":/.test(text));
      expect(writeJson(parseJson(text))).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

test('where every number survives JSON.parse, what is parsed is what JSON.parse gives', () => {
  fc.assert(
    fc.property(fc.json(), fc.boolean(), (json, spaced) => {
      const text = spaced ? JSON.stringify(JSON.parse(json), null, 2) : json;
      // The number at the end takes the slow path.
      const parsed = parseJson(`[${text},1.50]`) as unknown[]; // a list is one
      fc.pre(writeJson(JSON.parse(text)) === JSON.stringify(JSON.parse(text)) && !/e|\d{16}|-0|0[,\]}]/.test(text));
      expect(parsed[0]).toEqual(JSON.parse(text));
    }),
  );
});

test('what is no JSON is refused on both ways', () => {
  fc.assert(
    fc.property(
      documents,
      fc.nat(),
      fc.constantFrom('', ',', '}', ']', '"', '\\', '-', '.', 'e', '01', '\n'),
      (text, at, noise) => {
        const broken = `[1.50,${text.slice(0, at % text.length)}${noise}${text.slice((at % text.length) + (at % 2))}]`;
        let valid = true;
        try {
          JSON.parse(broken);
        } catch {
          valid = false;
        }
        if (valid) parseJson(broken);
        else expect(() => parseJson(broken)).toThrow(SyntaxError);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a number is a number where it keeps its digits, a bigint up to 64 bits, else a decimal', () => {
  const read = (text: string) => parseJson(`{"a":${text}}`) as { a: unknown }; // as it is written
  expect(read('9007199254740991')).toEqual({ a: 9007199254740991 });
  expect(read('9007199254740992')).toEqual({ a: 9007199254740992n });
  expect(read('-9223372036854775808')).toEqual({ a: -9223372036854775808n });
  expect(String(read('9223372036854775808').a)).toBe('9223372036854775808');
  expect(read('9223372036854775808').a).toBeInstanceOf(Decimal);
  expect(read('1.50').a).toBeInstanceOf(Decimal);
  expect(read('1.5')).toEqual({ a: 1.5 });
});

test('the last of duplicate fields counts, and __proto__ is a field as any other', () => {
  const parsed = parseJson('{"a":1.50,"__proto__":{"polluted":true},"a":2}') as Record<string, unknown>; // as it is written
  expect(Object.keys(parsed)).toEqual(['a', '__proto__']);
  expect(parsed['a']).toBe(2);
  expect(parsed['polluted']).toBeUndefined();
});

test('nesting is bounded, and never a matter of the stack', () => {
  const nested = (depth: number) => `[1.50,${'['.repeat(depth - 1)}${']'.repeat(depth)}`;
  expect(writeJson(parseJson(nested(maxJsonDepth)))).toBe(nested(maxJsonDepth));
  expect(() => parseJson('['.repeat(6_000) + ']'.repeat(6_000))).toThrow(`nested deeper than ${maxJsonDepth}`);
  expect(() => parseJson(nested(100_000))).toThrow(`nested deeper than ${maxJsonDepth}`);
  // Where every number survives JSON.parse, too; brackets in texts are none.
  expect(() => parseJson('['.repeat(6_000))).toThrow(`nested deeper than ${maxJsonDepth}`);
  expect(() => parseJson(`${'{"a":'.repeat(6_000)}1${'}'.repeat(6_000)}`)).toThrow(
    `nested deeper than ${maxJsonDepth}`,
  );
  expect(parseJson(`["\\"${'['.repeat(6_000)}"]`)).toEqual([`"${'['.repeat(6_000)}`]);
});

test('indented as JSON.stringify does it', () => {
  const plain = { a: [1, 2, { b: null }], c: {}, d: [], e: undefined };
  const lines = JSON.stringify({ ...plain, f: 0 }, null, 2);
  expect(writeJson({ ...plain, f: 9007199254740993n }, 2)).toBe(lines.replace('"f": 0', '"f": 9007199254740993'));
});

test('a canonical text is one for all values that are equal', () => {
  const canonical = (text: string) => canonicalJson(parseJson(text));
  expect(canonical('{"b":{"d":1.0,"c":[1.50,"1.50"]},"a":9007199254740993}')).toBe(
    '{"a":9007199254740993,"b":{"c":[1.5,"1.50"],"d":1}}',
  );
  expect(canonical('[1e21,1e+21,1000000000000000000000]')).toBe(
    '[1000000000000000000000,1000000000000000000000,1000000000000000000000]',
  );
  expect(canonical('[-0,0.0,0]')).toBe('[0,0,0]');
});
