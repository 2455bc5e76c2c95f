import { expect, test } from 'vitest';
import { isTimeMark, parseTimeMark, type TimeMark, timeMarkRecord } from './time-mark.ts';

const to = { topic: 'repartition', partition: 3, timestampMs: 77 };

test.each<TimeMark>([
  { source: 0, timeMs: 1_700_000_000_000, idle: false, generation: 4 },
  { source: 2 ** 32 + 5, timeMs: -3, idle: true, generation: 1 },
  { source: 7, timeMs: Number.NEGATIVE_INFINITY, idle: true, generation: 0 },
])('[W8] a mark is read as it was written: %o', (mark) => {
  const record = timeMarkRecord(mark, to);
  expect(record).toMatchObject({ ...to, key: null });
  expect(isTimeMark(record)).toBe(true);
  expect(parseTimeMark(record.value)).toEqual(mark);
});

test('[W8] no record of an event is taken for a mark, and no damaged mark for one', () => {
  const mark = timeMarkRecord({ source: 0, timeMs: 1, idle: false, generation: 1 }, to);
  expect(isTimeMark({ key: Buffer.from('k'), value: mark.value })).toBe(false);
  for (const value of [null, Buffer.alloc(0), Buffer.from([0]), Buffer.from('{"source":0}'), Buffer.from('\u0000')])
    expect(isTimeMark({ key: null, value })).toBe(false);
  for (const damaged of [
    mark.value?.subarray(0, -1) ?? null,
    Buffer.from('\u0000time {}'),
    Buffer.from('\u0000time 1'),
  ])
    expect(parseTimeMark(damaged)).toBeNull();
});
