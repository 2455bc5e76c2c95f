import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sharedClock } from './shared-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** When each wait is over, ms from now, if they begin 7 ms apart. */
const ends = (delayMs: number): number[] => {
  const beganMs = performance.now();
  const over: number[] = [];
  for (let begun = 0; begun < 10; begun++) {
    sharedClock.after(delayMs, () => over.push(performance.now() - beganMs));
    vi.advanceTimersByTime(7);
  }
  vi.advanceTimersByTime(2 * delayMs);
  return over;
};

test('long waits that begin within a tenth of a second end together, each within an eighth of a second of its time', () => {
  const over = ends(1_000);
  expect(new Set(over).size).toBeLessThanOrEqual(2);
  for (const [begun, endMs] of over.entries()) expect(Math.abs(endMs - (7 * begun + 1_000))).toBeLessThanOrEqual(126);
});

test('short waits are as long as they are said to be', () => {
  expect(ends(100)).toEqual([100, 107, 114, 121, 128, 135, 142, 149, 156, 163]);
});
