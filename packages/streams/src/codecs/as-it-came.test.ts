import { expect, test } from 'vitest';
import { ProcessorDriver } from '../testing/processor-driver.ts';

const written = (type: string, sink: string, steps: string, value: string): string | null | undefined => {
  const driver = new ProcessorDriver(`
app: pass
models: { M: { ts: ${type}, b: string } }
topics:
  in: { partitions: 1, key: string, value: M, eventTime: record }
  out: { partitions: 1, key: string${sink} }
agents: { pass: { from: in, steps: [ ${steps}, { send: out } ] } }
`);
  driver.pipe('in', { key: 'k', value });
  expect(driver.failures).toEqual([]);
  return driver.sentTo('out')[0]?.value;
};

const forms = [
  ['timestamp', '"2026-09-21T14:13:20.1234567+02:00"'],
  ['timestamp', '"2026-09-21"'],
  ['timestamp', '1790000000123'],
  ['timestamp', '1790000000123.5'],
  ['timestamp(iso)', '"2026-09-21 14:13:20Z"'],
  ['timestamp(us)', '1790000000123456'],
  ['timestamp(ns)', '1790000000123456789'],
  ['timestamp(s)', '1790000000.000001'],
  ['"timestamp | boolean"', '"2026-09-21T14:13:20+02:00"'],
  ['list<timestamp>', '["2026-09-21",1790000000123,"2026-09-21T14:13:20+02:00"]'],
  ['map<timestamp(us)>', '{"at":1790000000123456}'],
  ['{ at: timestamp }', '{"at":"2026-09-21T14:13:20+02:00"}'],
  ['double', '1.10'],
  ['double', '5.0'],
  ['double', '1e3'],
  ['double', '0.00000010'],
  ['double', '12345678901234567890.123'],
  ['double', '0.1'],
  ['double', '12345678901234567890'],
  ['long', '5.0'],
  ['long', '9007199254740993'],
  ['long', '9.007199254740993e15'],
  ['int', '1e3'],
  ['decimal', '1.10'],
  ['decimal', '"1.10"'],
  ['float', '-0'],
  ['"double | string"', '2.50'],
] as const;

test.each(forms.flatMap(([type, text]) => ['', ', value: M'].map((sink) => [type, text, sink] as const)))(
  '[D12] [N2] a %s that no step touches passes on as it came: %s, into a topic of %j',
  (type, text, sink) => {
    const value = `{"ts":${text},"b":"b"}`;
    for (const steps of [
      '{ filter: true }',
      '{ keep: [ts, b] }',
      '{ set: { b: value.b } }',
      '{ map: { ts: value.ts, b: value.b } }',
      '{ group_by: value.b }',
      '{ filter: true }, { keep: [ts, b] }, { set: { b: value.b } }',
      // What a list holds goes on between the app's own stages as it is in memory.
      ...(type.startsWith('list') ? [] : ['{ set: { b: value.b } }, { group_by: value.b }, { keep: [ts, b] }']),
    ])
      expect([steps, written(type, sink, steps, value)]).toEqual([steps, value]);
    expect(written(type, '', '{ rename: { ts: at } }', value)).toBe(`{"at":${text},"b":"b"}`);
    expect(written(type, '', '{ map: { at: value.ts } }', value)).toBe(`{"at":${text}}`);
  },
);

test('[D12] a time that a step makes is whole milliseconds, in the unit of the field that it is written to', () => {
  const iso = '{"ts":"2026-09-21T12:00:00.5+02:00","b":"b"}';
  expect(written('timestamp', ', value: M', '{ set: { ts: value.ts + 1 } }', iso)).toBe('{"ts":1789984800501,"b":"b"}');
  expect(written('timestamp(iso)', ', value: M', '{ set: { ts: value.ts + 1 } }', iso)).toBe(
    '{"ts":"2026-09-21T10:00:00.501Z","b":"b"}',
  );
});

test('[D12] into a field of another unit a time is written in that one', () => {
  const typed = (unit: string) => `, value: { ts: ${unit}, b: string }`;
  const iso = '{"ts":"2026-09-21T12:00:00.5+02:00","b":"b"}';
  expect(written('timestamp', typed('timestamp(us)'), '{ filter: true }', iso)).toBe('{"ts":1789984800500000,"b":"b"}');
  expect(written('timestamp', typed('long'), '{ filter: true }', iso)).toBe('{"ts":1789984800500,"b":"b"}');
  expect(written('timestamp(us)', typed('timestamp'), '{ filter: true }', '{"ts":1789984800500001,"b":"b"}')).toBe(
    '{"ts":1789984800500,"b":"b"}',
  );
  // Text is taken by both.
  expect(written('timestamp(iso)', typed('timestamp'), '{ filter: true }', iso)).toBe(iso);
});

test.each([
  '"\\u0000came":[1]',
  '"\\u0000came":{"came":[1,["ts",7,"ms"]]}',
  '"\\u0000came":{"came":[],"own":1}',
  '"more":{"\\u0000came":[["b","x","ms"]],"__proto__":1.10}',
])('[N2] a field that has the name of what goes between the stages of an app is a field as any other: %s', (field) => {
  for (const ts of ['1790000000123', '"2026-09-21T14:13:20+02:00"']) {
    const value = `{"ts":${ts},"b":"b",${field}}`;
    for (const steps of ['{ filter: true }', '{ set: { b: value.b } }, { group_by: value.b }, { filter: true }'])
      expect([steps, written('timestamp', '', steps, value)]).toEqual([steps, value]);
  }
});
