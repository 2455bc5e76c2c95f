import { expect, test } from 'vitest';
import { bufferWords } from './buffer-words.ts';

test('a buffer beyond its bound is not said to be a part of it', () => {
  expect(bufferWords(1_204, 4_096)).toBe('1,204 of 4,096');
  expect(bufferWords(10_563, 4_096)).toBe('10,563, bound 4,096');
});
