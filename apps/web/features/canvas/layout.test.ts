import { graphOf, parseDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { dagreRow } from './dagre-row.ts';
import { layOut, rowsOf } from './layout.ts';

const { document } = parseDocument(`
app: a
models: { Login: { ip: string } }
topics: { logins: { value: Login }, alerts: { value: { ip: string } } }
tables: { failures: { value: { n: count() } } }
agents:
  count: { from: logins, steps: [{ group_by: value.ip }, { aggregate: failures }] }
  alert: { from: { changes: failures }, steps: [{ map: { ip: key } }, { send: alerts }] }
`);
if (!document) throw new Error('the test’s document does not parse');
const graph = graphOf(document);

test('records flow right, a table’s changes fall down', () => {
  const at = layOut(graph, dagreRow);
  const x = (id: string) => at.get(id)?.x ?? Number.NaN;
  const y = (id: string) => at.get(id)?.y ?? Number.NaN;
  expect(x('topic:logins')).toBeLessThan(x('agent:count'));
  expect(x('agent:count')).toBeLessThan(x('table:failures'));
  expect(y('agent:alert')).toBeGreaterThan(y('table:failures'));
  expect(x('agent:alert')).toBeLessThan(x('topic:alerts'));
});

test('what records and state connect is one row', () => {
  expect(rowsOf(graph).map((row) => [...row].sort())).toEqual([
    ['agent:count', 'table:failures', 'topic:logins'],
    ['agent:alert', 'topic:alerts'],
  ]);
});
