import { expect, test } from 'vitest';
import { freeName } from './create-and-run.ts';

test('a name that is taken gets the next free number', () => {
  expect(freeName('login-watch', [])).toBe('login-watch');
  expect(freeName('login-watch', ['login-watch', 'login-watch-2'])).toBe('login-watch-3');
});
