import type { Window } from '@millrace/spec';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { windowsOf } from './windows-of.ts';

const tumbling = (sizeMs: number): Window => ({ kind: 'tumbling', sizeMs, graceMs: 0 });
const hopping = (sizeMs: number, everyMs: number): Window => ({ kind: 'hopping', sizeMs, everyMs, graceMs: 0 });

test.each([
  // Faust's vectors and Kafka Streams', in ms. One differs: Faust aligns the ends of a hopping window to the epoch, so that of size 57 and step 23 it
  // gives 456 the windows from 403, 426 and 449. Starts are aligned here, as in Kafka Streams; where the step divides the size there is no difference.
  { window: tumbling(10_000), at: [0, 5_000, 9_900, 9_999], starts: [0] },
  { window: tumbling(10_000), at: [10_000], starts: [10_000] },
  { window: tumbling(57_000), at: [456_000], starts: [456_000] },
  { window: hopping(10_000, 5_000), at: [6_000], starts: [0, 5_000] },
  { window: hopping(57_000, 23_000), at: [456_000], starts: [414_000, 437_000] },
  { window: hopping(60_000, 60_000), at: [1_603_122_451_544], starts: [1_603_122_420_000] },
  { window: hopping(10_000, 5_000), at: [33_300], starts: [25_000, 30_000] },
  { window: tumbling(10_000), at: [-1_000, -1, -10_000], starts: [-10_000] },
  { window: hopping(12, 5), at: [21], starts: [10, 15, 20] },
  { window: tumbling(2_500), at: [2_500, 4_999], starts: [2_500] },
])('[W1] $window.kind $window.sizeMs at $at lies in the windows that start at $starts', ({ window, at, starts }) => {
  for (const timestampMs of at) expect(windowsOf(window, timestampMs)).toEqual(starts);
});

test('[W2] a hopping window with a step above its size leaves times in no window', () => {
  expect(windowsOf(hopping(10, 25), 30)).toEqual([25]);
  expect(windowsOf(hopping(10, 25), 40)).toEqual([]);
});

test('[W1] exactly the aligned windows [start, start + size) that hold a time are its windows, before 1970 too', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: -5_000, max: 5_000 }),
      (size, every, at) => {
        const all: number[] = [];
        for (let start = -every * Math.ceil(6_000 / every); start <= at; start += every)
          if (start + size > at) all.push(start);
        expect(windowsOf(hopping(size, every), at)).toEqual(all);
      },
    ),
  );
});
