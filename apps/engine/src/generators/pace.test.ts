import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

test('a rate is kept exactly over uneven ticks, fractions included', () => {
  const pace = new Pace(32.5, 0);
  let sent = 0;
  for (const nowMs of [
    7, 20, 21, 160, 161, 500, 1_000, 1_990, 2_500, 3_400, 4_000, 4_999, 5_500, 6_400, 7_300, 8_200, 9_100, 10_000,
  ])
    sent += pace.due(nowMs);
  expect(sent).toBe(325);
});

test('a slow rate sends one event now and then', () => {
  const pace = new Pace(0.5, 0);
  expect([500, 1_000, 1_500, 2_000, 2_500].map((nowMs) => pace.due(nowMs))).toEqual([0, 0, 0, 1, 0]);
});

test('after a standstill at most one second is made up for', () => {
  expect(new Pace(100, 0).due(60_000)).toBe(100);
});
