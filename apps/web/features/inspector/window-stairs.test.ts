import { expect, test } from 'vitest';
import { stairsAround } from './window-stairs.tsx';

test('a hopping window’s event is in size / every windows, those whose end is past now less grace still open', () => {
  // start ≤ event < start + size, both ends of the half-open interval on the line
  const { stairs, holding, open } = stairsAround(
    { kind: 'hopping', sizeMs: 300_000, everyMs: 10_000, graceMs: 0 },
    1_000_000,
    1_090_000,
  );
  expect(holding).toBe(30);
  expect(stairs[0]).toEqual({ startMs: 710_000, endMs: 1_010_000, open: false });
  expect(stairs.at(-1)).toEqual({ startMs: 1_000_000, endMs: 1_300_000, open: true });
  expect(open).toBe(21);
});

test('a tumbling window’s event is in one', () => {
  expect(stairsAround({ kind: 'tumbling', sizeMs: 60_000, graceMs: 0 }, 90_000, 110_000)).toMatchObject({
    holding: 1,
    open: 1,
  });
});

test('many windows are thinned, the count stays exact', () => {
  const { stairs, holding } = stairsAround(
    { kind: 'hopping', sizeMs: 3_600_000, everyMs: 1000, graceMs: 0 },
    10_000_000,
    10_000_000,
  );
  expect(holding).toBe(3600);
  expect(stairs.length).toBeLessThanOrEqual(36);
});
