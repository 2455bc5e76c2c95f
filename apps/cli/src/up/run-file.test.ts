import { expect, test } from 'vitest';
import { startTicks } from './run-file.ts';

test('a live process has a start that does not change, one that never was has none', () => {
  expect(startTicks(process.pid)).not.toBeNull();
  expect(startTicks(process.pid)).toBe(startTicks(process.pid));
  expect(startTicks(2 ** 22 + 1)).toBeNull();
});
