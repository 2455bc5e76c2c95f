import { expect, test } from 'vitest';
import { windowScale } from './window-scale.ts';

const windows = Array.from({ length: 60 }, (_, at) => ({
  startMs: at * 10_000,
  endMs: at * 10_000 + 300_000,
  rows: 1,
  sum: at,
  open: false,
}));

test('the axis goes from the oldest start to the newest end, and a place finds the window that ends there', () => {
  const scale = windowScale(windows, 890);
  expect([scale.x(0), scale.x(890_000)]).toEqual([0, 890]);
  expect(scale.stepPx).toBeCloseTo(10);
  expect([scale.nearest(890), scale.nearest(0), scale.nearest(402)]).toEqual([59, 0, 10]);
  expect(scale.ticks.map(({ atMs }) => atMs)).toEqual([0, 300_000, 600_000]);
});

test('one window, and windows with gaps, have a scale too', () => {
  expect(windowScale(windows.slice(0, 1), 300).stepPx).toBe(300);
  const gappy = [0, 60_000, 600_000].map((startMs) => ({
    startMs,
    endMs: startMs + 60_000,
    rows: 1,
    sum: 1,
    open: false,
  }));
  expect(windowScale(gappy, 660).stepPx).toBeCloseTo(60);
});
