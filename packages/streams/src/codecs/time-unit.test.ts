import fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentOf, ProcessorDriver } from '../testing/processor-driver.ts';
import { compileCodec } from './codec.ts';
import { FlatJsonReader } from './flat-json.ts';
import { readTime, writeTime } from './time-unit.ts';

const atMs = 1_790_000_000_123;
const models =
  'models: { M: { s: timestamp(s)?, ms: timestamp(ms)?, us: timestamp(us)?, ns: timestamp(ns)?, iso: timestamp(iso)? } }';
const document = documentOf(`
app: units
${models}
topics: { in: { value: M } }
agents: { a: { from: in, steps: [ { send: in } ] } }
`);
const codec = compileCodec({ kind: 'model', model: 'M' }, 'json', document, 'value');
const decoded = (text: string) => codec.decode(Buffer.from(text));

test.each([
  ['s', '1790000000.123', '1790000000.123'],
  ['s', '1790000000', '1790000000'],
  ['ms', '1790000000123', '1790000000123'],
  ['us', '1790000000123000', '1790000000123000'],
  ['us', '1790000000123456', '1790000000123456'],
  ['ns', '1790000000123456789', '1790000000123456789'],
  ['ns', '1790000000123000000', '1790000000123000000'],
  ['iso', '"2026-09-21T16:13:20.123+02:00"', '"2026-09-21T16:13:20.123+02:00"'],
])('[D12] a timestamp in %s, %s, is milliseconds in memory and written as it came', (unit, text, written) => {
  const read = decoded(`{"${unit}":${text}}`);
  const value = read.ok ? (read.value as Record<string, unknown>) : {}; // an object, as its model says
  const whole = text === '1790000000' ? 1_790_000_000_000 : atMs;
  expect(value[unit]).toBe(whole);
  expect(codec.encode({ ...value, other: 1 })?.toString()).toContain(`"${unit}":${written}`);
  // What a step has made is written in the unit as well.
  expect(codec.decode(codec.encode({ [unit]: whole + 1_000 }))).toMatchObject({ value: { [unit]: whole + 1_000 } });
});

test('[D12] what a step does not touch passes on digit by digit, what it makes is in whole milliseconds', () => {
  const driver = new ProcessorDriver(`
app: pass
models: { M: { n: long, us: timestamp(us) } }
topics:
  in: { partitions: 1, key: string, value: M, eventTime: value.us }
  out: { partitions: 1, key: string, value: M }
  made: { partitions: 1, key: string, value: M }
agents:
  pass: { from: in, steps: [ { set: { n: value.n + 1 } }, { send: out } ] }
  make: { from: in, steps: [ { set: { us: value.us + 1 } }, { send: made } ] }
`);
  driver.nowMs = atMs;
  driver.pipe('in', { key: 'k', value: '{"n":1,"us":1790000000122999}' });
  expect(driver.sentTo('out')).toMatchObject([{ value: '{"n":2,"us":1790000000122999}', timestampMs: atMs - 1 }]);
  expect(driver.sentTo('made')).toMatchObject([{ value: '{"n":1,"us":1790000000123000}' }]);
});

test.each([
  ['{"us":1790000000123456789}', 'us is 1790000000123456789'],
  ['{"us":"1790000000123456"}', 'us is not a timestamp in microseconds: "1790000000123456"'],
  ['{"ns":1e30}', 'ns is a time that cannot be: 1000000000000000000000000000000 ns'],
  ['{"s":1790000000123}', 's is 1790000000123'],
  [
    '{"s":1790000000123456}',
    's is a time that cannot be: 1790000000123456 s; as microseconds it is 2026-09-21T14:13:20.123Z: say timestamp(us)',
  ],
  ['{"iso":1790000000123}', 'iso is not a timestamp in ISO 8601 text: 1790000000123'],
])('[D12] %s: %s', (text, reason) => {
  const read = decoded(text);
  if (read.ok) expect(JSON.stringify(read.value)).not.toBe(text);
  else expect(read.reason).toBe(reason);
});

test('[D8] [D12] times of other units are read straight out of the bytes as the parser reads them, also before 1970', () => {
  const fields = document.models['M']?.fields ?? {};
  const digits = fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n });
  let fast = 0;
  fc.assert(
    fc.property(digits, fc.constantFrom('s', 'us', 'ns'), (number, unit) => {
      const bytes = Buffer.from(`{"${unit}":${number}}`);
      const flat = FlatJsonReader.for(fields, new Set([unit]))?.read(bytes);
      if (flat === undefined) return;
      fast++;
      const read = codec.decode(bytes);
      expect(read.ok && (read.value as Record<string, unknown>)[unit]).toBe(flat[unit]); // as above
    }),
    { numRuns: 500 },
  );
  expect(fast).toBeGreaterThan(200);
});

test('[D12] a time goes through its unit unchanged', () => {
  fc.assert(
    fc.property(fc.integer({ min: -8e12, max: 8e12 }), fc.constantFrom('s', 'us', 'ns', 'iso'), (ms, unit) => {
      expect(readTime(writeTime(ms, unit), unit)).toBe(ms);
    }),
  );
});

test('[D13] times that look like another unit are counted and said, with the type that mends it', () => {
  const driver = new ProcessorDriver(`
app: odd
topics: { in: { partitions: 1, key: string, value: { ts: timestamp }, eventTime: value.ts } }
agents: { a: { from: in, steps: [ { filter: value.ts > 0 } ] } }
`);
  driver.nowMs = atMs;
  driver.pipe('in', { value: { ts: 1_790_000_000 } }, { value: { ts: 1_790_000_001 } }, { value: { ts: atMs } });
  driver.pipe('in', { value: { ts: 1_790_000_001 } });
  expect([...driver.notices.values()]).toEqual([
    'in: 2 event times lie in 1970: ts seems to be in seconds, as 2026-09-21T14:13:21.000Z. Let the model say ts: timestamp(s)',
  ]);
  expect(driver.failures).toEqual([]);
  driver.pipe('in', ...Array.from({ length: 7 }, () => ({ value: { ts: 1_790_000_001 } })));
  expect([...driver.notices.values()][0]).toMatch(/^in: 10 event times/);
});
