import { expect, test } from 'vitest';
import { ProcessorDriver } from '../testing/processor-driver.ts';

const noonMs = Date.UTC(2026, 5, 1, 12);

const yaml = (eventTime: string, more = '') => `
app: times
topics:
  in: { partitions: 1, key: string, value: { ts: "timestamp?", n: "long?" }, eventTime: ${eventTime}${more} }
tables:
  counts: { key: string, window: { hopping: 1m, every: 10s }, value: { n: count() } }
agents:
  count: { from: in, steps: [ { aggregate: counts } ] }
`;

const reasonsOf = (text: string, records: readonly { value: unknown; timestampMs?: number }[]): string[] => {
  const driver = new ProcessorDriver(text);
  driver.nowMs = noonMs;
  driver.pipe('in', ...records.map((record) => ({ key: 'k', ...record })));
  expect(driver.table('counts').stats().streamTimeMs ?? 0).toBeLessThanOrEqual(noonMs);
  return driver.failures.map(({ reason }) => reason);
};

test.each([
  ['1e19', 'ts is a time that cannot be: 10000000000000000000 ms'],
  ['-1e300', 'ts is a time that cannot be: -1e+300 ms'],
  ['1e400', 'ts is a time that cannot be: 1e+400 ms'],
  [
    '1780315200000000000',
    'ts is a time that cannot be: 1780315200000000000 ms; as nanoseconds it is 2026-06-01T12:00:00.000Z: say timestamp(ns)',
  ],
  [
    '1780315200000000',
    "ts is 56358 years ahead of the clock: +058385-12-11T00:00:00.000Z; at most 1 h is taken (the topic's maxAhead); as microseconds it is 2026-06-01T12:00:00.000Z: say timestamp(us)",
  ],
  [
    '"2999-01-01T00:00:00Z"',
    "ts is 972 years ahead of the clock: 2999-01-01T00:00:00.000Z; at most 1 h is taken (the topic's maxAhead)",
  ],
  ['"2026-06-01T24:30:00Z"', 'ts is not a timestamp: "2026-06-01T24:30:00Z"'],
  ['"2026-06-01T11:59:60Z"', 'ts is not a timestamp: "2026-06-01T11:59:60Z"'],
  ['null', "ts is missing: it is the event's time"],
])('[D9] the time %s does not decode, and says why', (ts, reason) => {
  const value = `{"ts":${ts}}`;
  expect(reasonsOf(yaml('value.ts'), [{ value }])).toEqual([reason]);
  // A field that is a number by its type, too.
  const byNumber = reasonsOf(yaml('value.n'), [{ value: value.replace('ts', 'n') }]);
  expect(byNumber).toHaveLength(1);
});

test("[D9] Kafka's -1 is no time, and 1969 is one", () => {
  expect(
    reasonsOf(yaml('record'), [
      { value: {}, timestampMs: -1 },
      { value: {}, timestampMs: -2 },
      { value: {}, timestampMs: 1.79e18 },
    ]),
  ).toEqual([
    "the record has no timestamp (it is −1), and that is the event's time",
    "Kafka's timestamp is a time that cannot be: 1790000000000000000 ms; as nanoseconds it is 2026-09-21T14:13:20.000Z",
  ]);
  expect(reasonsOf(yaml('value.ts'), [{ value: { ts: -1 } }])).toEqual([]);
});

test('[D9] how far ahead a time may be is for the topic to say', () => {
  const inTwoDays = { value: { ts: noonMs + 2 * 86_400_000 } };
  expect(reasonsOf(yaml('value.ts', ', maxAhead: 3d'), [inTwoDays])).toEqual([]);
  expect(
    reasonsOf(yaml('value.ts', ', maxAhead: 0s'), [{ value: { ts: noonMs + 1 } }, { value: { ts: noonMs } }]),
  ).toEqual(["ts is 1 ms ahead of the clock: 2026-06-01T12:00:00.001Z; at most 0 ms is taken (the topic's maxAhead)"]);
});
