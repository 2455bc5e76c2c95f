import fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentOf, ProcessorDriver } from '../testing/processor-driver.ts';
import { CheckCompiler, rootName } from './check.ts';
import { FlatJsonReader } from './flat-json.ts';
import { jsonDecoder } from './json.ts';

const yaml = `
app: decoding
models:
  Login: { ok: boolean, user: string, ts: timestamp, n: { type: double, optional: true }, d: decimal?, l: long?, c: { type: "'x' | 'y'", default: x }, note: { type: string, optional: true } }
topics:
  logins: { partitions: 1, key: string, value: Login, eventTime: value.ts }
tables:
  t: { key: string, value: { n: sum(value.n), c: distinct(value.c) } }
agents:
  a: { from: logins, steps: [ { filter: value.ok }, { aggregate: t } ] }
`;

test('[D6] a record without a required field is not decoded though no step reads the field; a bad optional one that no step reads is not looked at', () => {
  const driver = new ProcessorDriver(yaml);
  driver.pipe(
    'logins',
    { key: 'k', value: { ok: true, ts: 1, n: 2 } },
    { key: 'k', value: { ok: true, ts: 1, user: 'u', n: 2, note: 5 } },
  );
  expect(driver.failures).toMatchObject([
    { kind: 'decode', policy: 'dead-letter', offset: 0n, reason: 'user is missing' },
  ]);
  expect(driver.rows('t')).toEqual(['k@: {"n":2,"c":1}']);
});

test('[D7] event time is the field of the topic, from a number or from ISO text', () => {
  const driver = new ProcessorDriver(yaml);
  driver.nowMs = 5_000;
  driver.pipe(
    'logins',
    { key: 'k', value: { ok: false, user: 'u', ts: '1970-01-01T00:00:02Z' } },
    { key: 'k', value: { ok: false, user: 'u', ts: 1_500.7 } },
  );
  expect(driver.processors.get('logins')?.streamTimeMs).toBe(2000);
});

const fields = documentOf(yaml).models['Login']?.fields ?? {};
const used = new Set(['user', 'ts', 'n', 'd', 'l', 'c']);
const parsed = jsonDecoder(new CheckCompiler({}).fields(fields, used), rootName);
const projected = (bytes: Buffer) => {
  try {
    const value = parsed(bytes) as Record<string, unknown>; // an object: its check says so
    return Object.fromEntries([...used].map((name) => [name, value[name]]));
  } catch {
    return undefined;
  }
};

const odd = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer()),
  fc.constant({ a: { b: '}' } }),
);
const plain = fc.string({ unit: fc.constantFrom('a', 'b', 'Z', ' ', '{', '}', ',', ':', '7') });
const mostly = (usual: fc.Arbitrary<unknown>) => fc.oneof({ weight: 9, arbitrary: usual }, odd);
const records = fc.record(
  {
    ok: mostly(fc.boolean()),
    user: mostly(plain),
    ts: mostly(fc.integer()),
    n: mostly(fc.integer().map((n) => n / 1000)),
    d: fc.integer().map((n) => n / 1000),
    l: fc.integer({ min: -1e14, max: 1e14 }),
    c: mostly(fc.constantFrom('x', 'y')),
    note: mostly(plain),
    other: mostly(plain),
  },
  { requiredKeys: ['ok', 'user', 'ts'] },
);

test('[D8] what is read straight out of the bytes is what parsing and checking gives, whatever the order, spaces or faults of the record', () => {
  const flat = FlatJsonReader.for(fields, used);
  let fast = 0;
  fc.assert(
    fc.property(
      records,
      fc.integer({ min: 0, max: 200 }),
      fc.constantFrom('', ' ', ',', '}', '"', '0', '\\', '-', '.', 'e'),
      fc.boolean(),
      (record, at, noise, spaced) => {
        const clean = spaced
          ? `${JSON.stringify(record, null, 1).replace(/\n */g, ' ').slice(0, -2).replace('{ ', '{')}}`
          : JSON.stringify(record);
        const text = at > 100 ? clean : clean.slice(0, at) + noise + clean.slice(at + (at % 2));
        for (const bytes of [Buffer.from(clean), Buffer.from(text)]) {
          const read = flat?.read(bytes);
          if (read === undefined) continue;
          fast++;
          expect(read).toEqual(projected(bytes));
        }
      },
    ),
    { numRuns: 2_000 },
  );
  // The path that this test is about must have been taken.
  expect(fast).toBeGreaterThan(1_000);
});

test.each([
  '1.',
  '01',
  '-',
  '-01',
  '.5',
  '1.5.2',
  '--1',
  '1-',
  '+1',
  '1e5',
  '1E5',
  '12345678901234567',
  'tru',
  'truee',
  'nul',
  "'x'",
  '"x',
  '[1]',
  '{}',
  '"\\n"',
  '"ä"',
  '1 ',
  '',
  '1}',
  '1,',
  '"a"b',
])('[D8] %s is left to the parser', (text) => {
  const flat = FlatJsonReader.for(fields, used);
  expect(flat?.read(Buffer.from(`{"ok":true,"user":"u","ts":1,"note":${text}}`))).toBeUndefined();
  expect(flat?.read(Buffer.from('{"ok":true,"user":"u","ts":1,"note":-0.50}'))).toEqual({
    user: 'u',
    ts: 1,
    n: null,
    d: null,
    l: null,
    c: 'x',
  });
});
