import type { AggregateFunction } from '@millrace/spec';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aggregators } from './aggregators.ts';

const fold = (fn: AggregateFunction, events: readonly (readonly [unknown, number])[]): unknown => {
  const aggregator = aggregators[fn];
  const slots: unknown[] = [];
  aggregator.initial(slots, 0);
  for (const [value, timestampMs] of events) aggregator.update(slots, 0, value, timestampMs);
  return aggregator.result(slots, 0);
};

const events = [
  [3, 10],
  [1, 30],
  [2, 20],
  [5, 30],
  [4, 10],
] as const;

test.each<[AggregateFunction, unknown, unknown]>([
  ['count', 5, 0],
  ['sum', 15, 0],
  ['min', 1, null],
  ['max', 5, null],
  ['avg', 3, null],
  ['first', 3, null],
  ['last', 5, null],
  ['distinct', 5, 0],
])('[T8] %s is %s; over nothing it is %s. First and last go by event time, then by order', (fn, result, empty) => {
  expect(fold(fn, events)).toBe(result);
  expect(fold(fn, [])).toBe(empty);
});

test('[T8] numbers that are not finite are passed over', () => {
  const poisoned = [
    [Number.NaN, 1],
    [2, 2],
    [Number.POSITIVE_INFINITY, 3],
  ] as const;
  const all = Object.keys(aggregators) as AggregateFunction[]; // its own keys
  expect(Object.fromEntries(all.map((fn) => [fn, fold(fn, poisoned)]))).toEqual({
    count: 1,
    sum: 2,
    min: 2,
    max: 2,
    avg: 2,
    first: 2,
    last: 2,
    distinct: 1,
  });
});

test('[T9] distinct is exact to 64 values, and within 5 % above; 1 and "1" differ', () => {
  const distinct = (n: number) =>
    fold(
      'distinct',
      Array.from({ length: 2 * n }, (_, i) => [`user-${i % n}`, i] as const),
    );
  expect(distinct(64)).toBe(64);
  expect(
    fold('distinct', [
      [1, 0],
      ['1', 0],
      [{ a: 1 }, 0],
      [{ a: 1 }, 0],
    ]),
  ).toBe(3);
  for (const n of [65, 1_000, 20_000, 100_000]) {
    expect(Math.abs((distinct(n) as number) / n - 1)).toBeLessThan(0.05); // distinct gives numbers
  }
});

test('[T3] a state goes through JSON unchanged, at any point of its life', () => {
  const value = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(aggregators) as AggregateFunction[])),
      fc.array(fc.tuple(value, fc.integer({ min: 0, max: 50 })), { maxLength: 150 }),
      fc.nat(),
      (fn, all, cut) => {
        // its own keys
        const aggregator = aggregators[fn];
        const slots: unknown[] = ['other'];
        aggregator.initial(slots, 1);
        for (const [i, [event, timestampMs]] of all.entries()) {
          if (i === cut % all.length)
            aggregator.fromJson(slots, 1, JSON.parse(JSON.stringify(aggregator.toJson(slots, 1))));
          aggregator.update(slots, 1, event, timestampMs);
        }
        expect(aggregator.result(slots, 1)).toEqual(fold(fn, all));
      },
    ),
    {
      examples: [
        ['avg', [Number.MAX_VALUE, Number.MAX_VALUE, 1].map((n, i) => [n, i]), 2],
        ['sum', [-Number.MAX_VALUE, -Number.MAX_VALUE, 1].map((n, i) => [n, i]), 2],
        ['first', [-0, 1].map((n, i) => [n, i]), 1],
        ['min', [-0, 1].map((n, i) => [n, i]), 1],
      ],
    },
  );
});
