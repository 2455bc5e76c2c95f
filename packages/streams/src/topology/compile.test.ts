import { compileDataflow } from '@millrace/dataflow';
import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { testDriver } from '../testing/test-driver.ts';
import { isTimeMark } from '../time/time-mark.ts';
import { compileTopology } from './compile.ts';

test('[R6] a pass is named as versions of Millrace before this one have named it: what a crash left is not counted twice by the next', () => {
  const { subtopologies } = compileTopology(
    compileDataflow(
      documentOf(`
app: more
models: { Sale: { shop: string, amount: decimal, at: timestamp } }
topics:
  sales: { name: all.sales, partitions: 3, key: string, value: Sale, eventTime: value.at, maxAhead: 2h, onDecodeError: skip }
  others: { partitions: 3, key: string, value: Sale, eventTime: value.at }
tables:
  by-shop: { key: string, value: { sum: sum(value.amount) } }
  by-size: { key: long, value: { n: count() } }
agents:
  shops: { from: [sales, others], steps: [ { group_by: { key: value.shop, partitions: 2 } }, { aggregate: by-shop } ] }
  sizes: { from: { changes: by-shop }, steps: [ { group_by: "length(key)" }, { aggregate: by-size } ] }
  twice: { from: sales, steps: [ { group_by: value.shop }, { map: { a: value.amount } }, { group_by: key + "x" }, { filter: "true" }, { group_by: "{ a: key }.a" } ] }
`),
    ),
  );
  expect(subtopologies.map(({ id, repartitions = null }) => [id, repartitions])).toEqual([
    ['all.sales+others', 'xd-rdMnWpf94RTuN'],
    ['more-shops-group_by-repartition', 'aTbOpeRwuD2-7Ydw'],
    ['more-sizes-group_by-repartition', null],
    ['more-twice-group_by-2-repartition', 'o8lQzt7sW2TLqFo7'],
    ['more-twice-group_by-repartition', 'eeeeW_cg2nvmvwNv'],
  ]);
});

test('an agent may end in a group_by: its records are repartitioned, and the app runs', async () => {
  const t = await testDriver(
    documentOf(`
app: last
topics: { in: { name: last-in, partitions: 1, key: string, value: { user: string }, eventTime: record } }
agents: { a: { from: in, steps: [ { group_by: value.user } ] } }
`),
  );
  t.topic('in').pipe('k', { user: 'u' }, { at: 1 });
  await t.advance(5_000);
  expect(t.status()).toMatchObject({ state: { kind: 'running' }, partitions: [{ topic: 'last-in', lag: 0 }] });
  const { records } = t.broker.log('last-a-group_by-repartition', 0);
  expect(records.filter((record) => !isTimeMark(record)).map(({ key }) => String(key))).toEqual(['"u"']);
  await t.stop();
});
