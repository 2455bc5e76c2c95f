import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OffsetTracker } from './offset-tracker.ts';

test('[C1] the commit position is the end of the first run: {34, 35, 36, 40, 41} commits 37', () => {
  const tracker = new OffsetTracker(34n);
  for (const offset of [34n, 35n, 36n, 40n, 41n]) tracker.finish(offset, offset + 1n);
  expect(tracker.position).toBe(37n);
  tracker.finish(37n, 40n);
  expect(tracker.position).toBe(42n);
});

test('[C1] offsets without records are finished with the range around them', () => {
  const tracker = new OffsetTracker(0n);
  tracker.finish(0n, 17n);
  expect(tracker.position).toBe(17n);
});

test('[C1] in whatever order offsets are finished, the position is the lowest unfinished one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 30 })), (offsets) => {
      const tracker = new OffsetTracker(0n);
      for (const offset of offsets) tracker.finish(BigInt(offset), BigInt(offset + 1));
      let lowest = 0;
      while (offsets.includes(lowest)) lowest++;
      expect(tracker.position).toBe(BigInt(lowest));
    }),
  );
});
