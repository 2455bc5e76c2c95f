import { expect, test } from 'vitest';
import { ProcessorDriver } from '../testing/processor-driver.ts';
import type { RecordHeaders } from '../transport/record-headers.ts';

const app = (steps: string, extra = '') => `
app: ops
topics:
  in: { partitions: 2, key: string, value: { a: long, b: { type: long, optional: true }, s: string }, eventTime: record }
  out: { partitions: 2, key: string, value: { x: long } }
${extra}
agents:
  agent:
    from: in
    steps:
${steps}
`;

test('[O1] a record that a step cannot process is reported with its step, its reason and its bytes; the others go on, in order', () => {
  const driver = new ProcessorDriver(
    app(`
      - filter: 10 / value.a > 1
      - map: { x: value.a }
      - send: out`),
  );
  driver.pipe('in', ...[5, 0, 2, 20].map((a, i) => ({ key: `k${i}`, value: { a, s: '' }, timestampMs: 7 })));
  expect(driver.sentTo('out').map(({ key, value }) => [key, value])).toEqual([
    ['k0', '{"x":5}'],
    ['k2', '{"x":2}'],
  ]);
  expect(driver.failures).toMatchObject([
    {
      kind: 'step',
      policy: 'dead-letter',
      agent: 'agent',
      step: 'filter',
      topic: 'in',
      offset: 1n,
      timestampMs: 7,
      key: Buffer.from('k1'),
      value: Buffer.from('{"a":0,"s":""}'),
    },
  ]);
  expect(driver.failures[0]?.reason).toMatch(/zero/);
  expect(driver.meters.get('agent/filter')).toMatchObject({ in: 4, out: 2, dropped: 1, errors: 1, late: 0 });
});

test.each([
  ['map: { x: value.a + 1 }', '{"x":2}'],
  ['set: { a: value.b, b: value.a }', '{"a":null,"b":1,"s":"t"}'],
  ['keep: [s]', '{"s":"t"}'],
  ['drop: [a, b]', '{"s":"t"}'],
  ['rename: { a: z }', '{"z":1,"b":null,"s":"t"}'],
])('[O2] %s makes a new value; every expression sees the one before', (map, value) => {
  const driver = new ProcessorDriver(
    app(
      `
      - ${map}
      - send: any`,
      `  any: { partitions: 1, key: string, ${anyOf(value)} }`,
    ),
  );
  driver.pipe('in', { key: 'k', value: { a: 1, s: 't' } });
  expect(driver.sentTo('any').map((record) => JSON.parse(record.value ?? ''))).toEqual([JSON.parse(value)]);
});

/** A value type that fits the outcome, for the validator. */
const anyOf = (json: string): string => {
  const fields = Object.entries(JSON.parse(json) as Record<string, unknown>).map(
    ([name, value]) => `${name}: { type: ${typeof value === 'string' ? 'string' : 'long'}, optional: true }`,
  );
  return `value: { ${fields.join(', ')} }`;
};

/** A name that repeats, bytes that are no text, a null, and a name of our own. */
const sourceHeaders: RecordHeaders = [
  ['h', Buffer.from([0xff, 0x00])],
  ['millrace-origin', Buffer.from('not ours')],
  ['g', null],
  ['h', Buffer.from('x')],
];

test('[O3] group_by sends each record under its new key with its event time, headers and bytes; a null key fails', () => {
  const driver = new ProcessorDriver(`
app: ops
topics:
  in: { partitions: 2, key: string, value: { a: { type: long, optional: true }, ts: timestamp }, eventTime: value.ts }
tables:
  counts: { key: long, value: { n: count() } }
agents:
  agent: { from: in, steps: [ { group_by: value.a }, { aggregate: counts } ] }
`);
  driver.pipe(
    'in',
    { value: '{"a":7,"ts":"1970-01-01T00:00:01Z"}', timestampMs: 5, headers: sourceHeaders },
    { value: { ts: 3 } },
  );
  expect(driver.sentTo('ops-agent-group_by-repartition')).toEqual([
    {
      key: '7',
      value: '{"a":7,"ts":"1970-01-01T00:00:01Z"}',
      timestampMs: 1000,
      headers: [...sourceHeaders, ['millrace-origin', expect.any(Buffer)]],
    },
  ]);
  expect(driver.rows('counts')).toEqual(['7@: {"n":1}']);
  expect(driver.failures).toMatchObject([{ step: 'group_by', reason: 'the key to group by is null', offset: 1n }]);
});

test('[O4] grouping by the key itself stays in the task', () => {
  const driver = new ProcessorDriver(
    app(
      `
      - group_by: key
      - aggregate: counts`,
      'tables:\n  counts: { key: string, value: { n: count() } }',
    ),
  );
  expect(driver.topology.subtopologies.map(({ sources }) => sources)).toEqual([['in']]);
  driver.pipe('in', { key: 'k', value: { a: 1, s: '' } });
  expect(driver.rows('counts')).toEqual(['k@: {"n":1}']);
});

const emitting = (emit: string) => `
app: ops
topics:
  in: { partitions: 1, key: string, value: { ts: timestamp }, eventTime: value.ts }
  out: { partitions: 1, key: string, value: { n: long, start: long } }
tables:
  counts: { key: string, window: { tumbling: 10ms }, value: { n: count() }, emit: ${emit} }
agents:
  count:
    from: in
    steps:
      - aggregate: counts
      - map: { n: value.n, start: window.start }
      - send: out
`;
const at = (...times: number[]) => times.map((ts) => ({ key: 'k', value: { ts } }));

test('[O5] emit update: one change an entry and flush, with what it is by then and its highest event time', () => {
  const driver = new ProcessorDriver(emitting('update'));
  driver.pipe('in', ...at(3, 1, 12, 14));
  expect(driver.sentTo('out')).toEqual([]);
  driver.flush();
  driver.flush();
  expect(driver.sentTo('out').map(({ value, timestampMs }) => [value, timestampMs])).toEqual([
    ['{"n":2,"start":0}', 3],
    ['{"n":2,"start":10}', 14],
  ]);
});

test('[O6] emit close: each window once, when it closes, dated to its last millisecond; not again after a restart or a swap', () => {
  const driver = new ProcessorDriver(emitting('close'));
  driver.pipe('in', ...at(3, 9));
  driver.flush();
  expect(driver.sentTo('out')).toEqual([]);
  driver.pipe('in', ...at(10));
  driver.flush();
  expect(driver.sentTo('out').map(({ value, timestampMs }) => [value, timestampMs])).toEqual([
    ['{"n":2,"start":0}', 9],
  ]);
  driver.swap(emitting('close'));
  driver.flush();
  expect(driver.sentTo('out')).toHaveLength(1);

  const after = driver.restart(emitting('close'));
  after.flush();
  expect(after.sentTo('out')).toEqual([]);
  after.processors.get('in')?.advance(20);
  after.flush();
  expect(after.sentTo('out').map(({ value }) => value)).toEqual(['{"n":1,"start":10}']);
});

test('[W7] nothing that a table emits is late in a table fed by its changes', () => {
  const driver = new ProcessorDriver(`
app: ops
topics:
  in: { partitions: 1, key: string, value: { ts: timestamp }, eventTime: value.ts }
tables:
  small: { key: string, window: { tumbling: 10ms, grace: 5ms }, value: { n: count() }, emit: close }
  large: { key: string, window: { tumbling: 10ms }, value: { windows: count(), n: sum(value.n) } }
agents:
  first: { from: in, steps: [ { aggregate: small } ] }
  second: { from: { changes: small }, steps: [ { aggregate: large } ] }
`);
  for (const ts of [1, 2, 11, 14, 13, 40, 41, 90]) {
    driver.pipe('in', ...at(ts));
    driver.flush();
  }
  expect(driver.table('large').stats().late).toBe(0);
  expect(driver.rows('large')).toEqual([0, 10, 40].map((start, i) => `k@${start}: {"windows":1,"n":${[2, 3, 2][i]}}`));
});
