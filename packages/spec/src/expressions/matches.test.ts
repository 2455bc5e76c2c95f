import { expect, test } from 'vitest';
import { compileExpression } from './compile.ts';
import { ExpressionError } from './evaluation.ts';

test('matches is bounded in time: a text that takes too long has no answer, and the record is told why', () => {
  const matches = compileExpression("matches(value.text, '[ab]*a[ab]{480}c')");
  let seed = 1;
  const coin = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
    return seed < 0 ? 'a' : 'b';
  };
  const text = Array.from({ length: 50_000 }, coin).join('');
  expect(() => matches({ key: null, value: { text }, timeMs: 0 })).toThrow(ExpressionError);
  expect(() => matches({ key: null, value: { text }, timeMs: 0 })).toThrow(
    'the text of 50,000 characters is too long for this pattern',
  );
});
