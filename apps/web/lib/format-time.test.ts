import { expect, test } from 'vitest';
import { formatClock, formatDay } from './format.ts';

test.each([1e19, -1e19, Number.NaN])('%s, which is no date, is shown as the number it is', (epochMs) => {
  expect(formatClock(epochMs, true)).toBe(String(epochMs));
  expect(formatDay(epochMs, 0)).toBe(String(epochMs));
});
