import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePattern, patternProblem } from './pattern.ts';

test.each([
  '^a+$',
  '(\\d{1,3}\\.){3}\\d{1,3}',
  '^(GET|POST) /',
  '[)(\\]]+',
  '(a+)+$',
  '(a|a)*b',
  '\\p{L}+',
  '\\bfoo\\b',
  '(?:x)?',
  '(?<year>\\d{4})',
  '',
])('the pattern %s is taken', (pattern) => {
  expect(patternProblem(pattern)).toBe(null);
});

test.each([
  ['(a)\\1', /refers back/],
  ['(?=a)', /looks ahead/],
  ['(?<!a)', /looks ahead/],
  ['(', /not a regular expression/],
  ['x'.repeat(600), /more than 500/],
  ['(a{500}){500}', /repeats too much/],
])('the pattern %s is refused', (pattern, why) => expect(patternProblem(pattern)).toMatch(why));

const atom = fc.constantFrom(
  'a',
  'b',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '[ab]',
  '[^a]',
  '[a-c\\d]',
  '1',
  'é',
  '😀',
  '[😀-😂]',
  '\\.',
  '\\u0061',
  '\\p{Lu}',
  'A',
);
const mark = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,}', '*?');
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(atom, mark).map((parts) => parts.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('')),
    fc.tuple(tie('pattern'), tie('pattern'), mark).map(([a, b, m]) => `(${a}|${b})${m}`),
    fc
      .tuple(fc.constantFrom('^', '\\b', '\\B', ''), tie('pattern'), fc.constantFrom('$', '\\b', ''))
      .map((parts) => parts.join('')),
  ),
}));
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'A', '1', '.', ' ', '\n', 'é', '😀', '😁'), { maxLength: 8 })
  .map((parts) => parts.join(''));

test('a pattern finds what JavaScript finds', () => {
  fc.assert(
    fc.property(pattern, fc.array(text, { maxLength: 6 }), (source, all) => {
      // V8 also looks for \\B between the two halves of a character beyond U+FFFF, where the standard has no position.
      const texts = source.includes('\\B') ? all.filter((one) => !/[😀-😂]/u.test(one)) : all;
      const finds = compilePattern(source);
      const oracle = new RegExp(source, 'u');
      for (const one of texts) expect([source, one, finds(one)]).toEqual([source, one, oracle.test(one)]);
    }),
    { numRuns: 400 },
  );
});

test('a text that makes a backtracking matcher run for years is answered', () => {
  expect(compilePattern('^(a+)+$')(`${'a'.repeat(5_000)}b`)).toBe(false);
  expect(compilePattern('(x+x+)+y')('x'.repeat(5_000))).toBe(false);
});

test('a pattern that remembers nothing useful is given up on a long text, in words, and goes on with the next', () => {
  const finds = compilePattern('[ab]*a[ab]{900}c');
  let seed = 1;
  const coin = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
    return seed < 0 ? 'a' : 'b';
  };
  const noise = Array.from({ length: 100_000 }, coin).join('');
  expect(() => finds(noise)).toThrow('the text of 100,000 characters is too long for this pattern');
  expect(finds(`a${'b'.repeat(900)}c`)).toBe(true);
});

test('a long text of few kinds of characters is no matter', () => {
  expect(compilePattern('^([a-z]+\\d?,?)*;$')('abc1,'.repeat(200_000))).toBe(false);
  expect(compilePattern('needle')(`${'hay '.repeat(500_000)}needle`)).toBe(true);
});
