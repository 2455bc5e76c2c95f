import { type AggregateFunction, Decimal, isSame, longOf, parseJson, writeJson } from '@millrace/spec';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reviver } from '../codecs/revive.ts';
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
  const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => longOf(n) ?? 0);
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  const events = (value: fc.Arbitrary<unknown>) =>
    fc.array(fc.tuple(value, fc.integer({ min: 0, max: 50 })), { maxLength: 150 });
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(aggregators) as AggregateFunction[])),
      fc.oneof(events(fc.oneof(long, fc.integer())), events(double)),
      fc.nat(),
      (fn, all, cut) => {
        // its own keys
        const aggregator = aggregators[fn];
        const slots: unknown[] = ['other'];
        // As the type of the table's column says it.
        const revive = all.some(([event]) => typeof event === 'number' && !Number.isSafeInteger(event))
          ? reviver({ kind: 'double' }, {})
          : undefined;
        aggregator.initial(slots, 1);
        for (const [i, [event, timestampMs]] of all.entries()) {
          if (i === cut % all.length)
            aggregator.fromJson(slots, 1, parseJson(writeJson(aggregator.toJson(slots, 1))), revive);
          aggregator.update(slots, 1, event, timestampMs);
        }
        expect(isSame(aggregator.result(slots, 1), fold(fn, all))).toBe(true);
      },
    ),
    {
      examples: [
        ['avg', [Number.MAX_VALUE, Number.MAX_VALUE, 1].map((n, i): [number, number] => [n, i]), 2],
        ['sum', [-Number.MAX_VALUE, -Number.MAX_VALUE, 1].map((n, i): [number, number] => [n, i]), 2],
        ['first', [-0, 1].map((n, i): [number, number] => [n, i]), 1],
        ['min', [-0, 1].map((n, i): [number, number] => [n, i]), 1],
      ],
    },
  );
});

const decimals = (...texts: string[]): [unknown, number][] => texts.map((text) => [Decimal.read(text), 0]);

test('[N5] sums, means, extremes and distinct counts of decimals are exact', () => {
  expect(writeJson(fold('sum', decimals('0.10', '0.20')))).toBe('0.3');
  expect(writeJson(fold('avg', decimals('0.10', '0.20', '0.1')))).toBe('0.13333333333333333333');
  expect(writeJson(fold('min', decimals('1.10', '1.1', '2')))).toBe('1.10');
  expect(writeJson(fold('max', decimals('9', '10')))).toBe('10');
  expect(fold('distinct', decimals('1.0', '1.00', '1', '1.01'))).toBe(2);
});

test('[N5] sums of longs are exact over 64 bits, and beyond them as decimals', () => {
  const longs = (...values: (number | bigint)[]): [unknown, number][] => values.map((value) => [value, 0]);
  expect(fold('sum', longs(9007199254740992n, 1))).toBe(9007199254740993n);
  expect(fold('sum', longs(9007199254740993n, -9007199254740992n))).toBe(1);
  expect(writeJson(fold('sum', longs(9223372036854775807n, 9223372036854775807n, 1)))).toBe('18446744073709551615');
  expect(fold('min', longs(9007199254740993n, 9007199254740992n))).toBe(9007199254740992n);
  expect(fold('distinct', longs(9007199254740993n, 9007199254740992n, 9007199254740993n))).toBe(2);
  expect(fold('last', longs(9007199254740992n, 9007199254740993n))).toBe(9007199254740993n);
});

test('[N8] nested values are told apart whatever the order of their fields', () => {
  expect(
    fold('distinct', [
      [{ a: 1, b: [{ c: 1, d: 2 }] }, 0],
      [{ b: [{ d: 2, c: 1 }], a: 1 }, 0],
    ]),
  ).toBe(1);
});
