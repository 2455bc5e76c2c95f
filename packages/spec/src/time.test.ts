import { expect, test } from 'vitest';
import { isoTime, isTimeMs } from './time.ts';

test.each([
  [0, '1970-01-01T00:00:00.000Z', true],
  [-1, '1969-12-31T23:59:59.999Z', true],
  [8.64e15, '+275760-09-13T00:00:00.000Z', true],
  [8.64e15 + 1, '8640000000000001', false],
  [1e19, '10000000000000000000', false],
  [1.5, '1970-01-01T00:00:00.001Z', false],
  [Number.NaN, 'NaN', false],
  [Number.NEGATIVE_INFINITY, '-Infinity', false],
])('the time %s is shown as %s, and never throws', (timeMs, text, isTime) => {
  expect(isoTime(timeMs)).toBe(text);
  expect(isTimeMs(timeMs)).toBe(isTime);
});
