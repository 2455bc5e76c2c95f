import { expect, test } from 'vitest';
import { inStep } from './in-step.ts';

test('beats that were due at any time fall on the same moments, and none comes later than its interval', () => {
  const moments = new Set<number>();
  for (let nowMs = 10_000; nowMs < 10_250; nowMs += 7) {
    const waitMs = inStep(3_000, nowMs);
    expect(waitMs).toBeGreaterThan(2_750 - 1);
    expect(waitMs).toBeLessThanOrEqual(3_000);
    moments.add(nowMs + waitMs);
  }
  expect([...moments]).toEqual([13_000]);
  expect(inStep(100, 10_003)).toBe(100);
});
