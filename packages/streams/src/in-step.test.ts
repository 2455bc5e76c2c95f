import { expect, test } from 'vitest';
import { inStep } from './in-step.ts';

test('beats of one interval fall on the same moments, and none comes more than a tenth later than its interval', () => {
  const moments = new Set<number>();
  for (let nowMs = 9_000; nowMs < 12_000; nowMs += 7) {
    const waitMs = inStep(3_000, nowMs);
    expect(waitMs).toBeGreaterThanOrEqual(300);
    expect(waitMs).toBeLessThan(3_300);
    moments.add(nowMs + waitMs);
  }
  expect([...moments]).toEqual([12_000, 15_000]);
});

test('a timer that is a moment early makes no second beat', () => {
  expect(inStep(3_000, 11_999.4)).toBeCloseTo(3_000.6);
  expect(inStep(3_000, 12_000)).toBe(3_000);
});
