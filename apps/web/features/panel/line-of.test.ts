import { expect, test } from 'vitest';
import { lineOf } from './line-of.ts';

test('an element is found in its own section', () => {
  const text = 'topics:\n  a: {}\nagents:\n  a:\n    from: a\n';
  expect(lineOf(text, ['agents', 'a'])?.start).toBe(text.indexOf('a:\n    from'));
  expect(lineOf(text, ['tables', 'a'])).toBeNull();
});
