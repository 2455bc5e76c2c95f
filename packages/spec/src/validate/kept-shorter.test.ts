import { expect, test } from 'vitest';
import { parseDocument } from '../text/parse.ts';

const warnings = (source: string, sink: string) =>
  parseDocument(`app: kept
topics:
  in: { key: string, value: { n: long }${source} }
  out: { key: string, value: { n: long }${sink} }
agents: { copy: { from: in, steps: [ { send: out } ] } }
`).problems.filter(({ code }) => code === 'kept-shorter');

test('an agent that sends what its topic will not keep is told so before it runs', () => {
  expect(warnings(', retention: forever', ', retention: 1d')).toMatchObject([
    {
      severity: 'warning',
      path: ['agents', 'copy', 'steps', 0],
      message:
        'Agent copy sends to out, which keeps 1 d, the events of in, kept for ever: what is older as it is sent is not kept',
      hint: 'Give the topic a longer retention, or forever.',
    },
  ]);
  expect(warnings(', retention: 30d', ', retention: 7d')).toHaveLength(1);
});

test.each([
  ['', ''],
  ['', ', retention: 1d'],
  [', retention: forever', ''],
  [', retention: 7d', ', retention: 30d'],
  [', retention: forever', ', retention: 1d, cleanup: compact'],
])('nothing is said of in%s and out%s', (source, sink) => {
  expect(warnings(source, sink)).toEqual([]);
});

test('a window that closes after its topic lets go is told, too', () => {
  const { problems } = parseDocument(`app: kept
topics:
  in: { key: string, value: { n: long } }
  out: { key: string, value: { n: long }, retention: 7d }
tables: { monthly: { key: string, window: { tumbling: 30d, grace: 1d }, emit: close, value: { n: count() } } }
agents:
  count: { from: in, steps: [ { aggregate: monthly } ] }
  tell: { from: { changes: monthly }, steps: [ { map: { n: value.n } }, { send: out } ] }
`);
  expect(problems).toMatchObject([
    { code: 'kept-shorter', message: expect.stringContaining('the windows of monthly, which close after 31 d') },
  ]);
});
