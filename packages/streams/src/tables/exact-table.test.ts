import { writeJson } from '@millrace/spec';
import { expect, test } from 'vitest';
import { ProcessorDriver } from '../testing/processor-driver.ts';

const yaml = `
app: exact
models:
  Sale: { id: long, amount: decimal, at: { type: { shop: string, till: int }, optional: true } }
topics:
  sales: { partitions: 1, key: long, value: Sale }
  totals: { partitions: 1, key: long, value: { sum: decimal, twice: decimal, id: long } }
  out: { partitions: 1, key: string, value: Sale }
tables:
  by-id: { key: long, value: { n: count(), sum: sum(value.amount), mean: avg(value.amount), last: last(value.id), best: max(value.amount) } }
  by-amount: { key: decimal, value: { n: count() } }
  by-place: { key: { shop: string, till: int }, value: { n: count() } }
agents:
  count: { from: sales, steps: [ { aggregate: by-id }, { map: { sum: value.sum, twice: value.sum + value.best, id: value.last } }, { send: totals } ] }
  amounts: { from: sales, steps: [ { set: { amount: value.amount + 0.0 } }, { group_by: value.amount }, { aggregate: by-amount } ] }
  places: { from: sales, steps: [ { filter: value.at != null }, { group_by: value.at }, { aggregate: by-place } ] }
  pass: { from: sales, steps: [ { set: { id: value.id } }, { send: { to: out, key: string(value.id) } } ] }
`;
const sale = (id: string, amount: string, more = '') => ({ key: id, value: `{"id":${id},"amount":${amount}${more}}` });
const rows = (driver: ProcessorDriver, table: string): string[] =>
  driver
    .table(table)
    .query({ windows: 'all', limit: 100, sort: { column: 'key', descending: false } })
    .rows.map(({ key, value }) => `${writeJson(key)}: ${writeJson(value)}`);

test('[N5] neighbouring longs beyond 2⁵³ are two keys, and sums of decimals are exact, over a restart too', () => {
  const driver = new ProcessorDriver(yaml);
  driver.pipe(
    'sales',
    sale('9007199254740992', '0.10'),
    sale('9007199254740993', '"0.10"'),
    sale('9007199254740993', '0.20'),
  );
  driver.flush();
  expect(driver.failures).toEqual([]);
  expect(rows(driver, 'by-id')).toEqual([
    '9007199254740992: {"n":1,"sum":0.1,"mean":0.1,"last":9007199254740992,"best":0.10}',
    '9007199254740993: {"n":2,"sum":0.3,"mean":0.15,"last":9007199254740993,"best":0.20}',
  ]);
  expect(driver.sentTo('exact-by-id-changelog').map(({ key }) => key)).toContain('[9007199254740993]');
  expect(driver.sentTo('totals').map(({ key, value }) => `${key} ${value}`)).toEqual([
    '9007199254740992 {"sum":0.1,"twice":0.2,"id":9007199254740992}',
    '9007199254740993 {"sum":0.3,"twice":0.5,"id":9007199254740993}',
  ]);
  const restarted = driver.restart(yaml);
  expect(rows(restarted, 'by-id')).toEqual(rows(driver, 'by-id'));
  restarted.pipe('sales', sale('9007199254740993', '0.30'));
  restarted.flush();
  expect(restarted.sentTo('totals').map(({ value }) => value)).toEqual([
    '{"sum":0.6,"twice":0.9,"id":9007199254740993}',
  ]);
  expect(rows(restarted, 'by-id')[1]).toContain('"n":3,"sum":0.6');
});

test('[N8] keys compare by value: 1.0 and 1.00 are one row and one record key, behind a repartition too', () => {
  const driver = new ProcessorDriver(yaml);
  driver.pipe('sales', sale('1', '1.0'), sale('2', '"1.00"'), sale('3', '1'));
  driver.flush();
  expect(rows(driver, 'by-amount')).toEqual(['1: {"n":3}']);
  expect(new Set(driver.sentTo('exact-amounts-group_by-repartition').map(({ key }) => key))).toEqual(new Set(['1']));
  expect(rows(driver.restart(yaml), 'by-amount')).toEqual(['1: {"n":3}']);
});

test('[N8] a composed key is one key whatever the order of its fields', () => {
  const driver = new ProcessorDriver(yaml);
  driver.pipe(
    'sales',
    sale('1', '1', ',"at":{"till":1,"shop":"a"}'),
    sale('2', '1', ',"at":{"shop":"a","till":1}'),
    sale('3', '1', ',"at":{"shop":"a","till":2}'),
  );
  driver.flush();
  expect(rows(driver, 'by-place')).toEqual(['{"shop":"a","till":1}: {"n":2}', '{"shop":"a","till":2}: {"n":1}']);
  expect(driver.table('by-place').get({ till: 1, shop: 'a' })).toHaveLength(1);
  expect(new Set(driver.sentTo('exact-places-group_by-repartition').map(({ key }) => key))).toEqual(
    new Set(['{"shop":"a","till":1}', '{"shop":"a","till":2}']),
  );
});

test('[N8] an entry whose key an older version wrote in another order is written anew, and the old text deleted', () => {
  const driver = new ProcessorDriver(yaml);
  driver.pipe('sales', sale('1', '1', ',"at":{"shop":"a","till":1}'));
  driver.flush();
  const changelog = 'exact-by-place-changelog';
  for (const record of driver.sent)
    if (record.topic === changelog && record.key?.toString() === '[{"shop":"a","till":1}]')
      Object.assign(record, { key: Buffer.from('[{"till":1,"shop":"a"}]') });
  const restarted = driver.restart(yaml);
  expect(rows(restarted, 'by-place')).toHaveLength(1);
  restarted.flush();
  expect(restarted.sentTo(changelog).map(({ key, value }) => [key, value === null])).toEqual([
    ['[{"till":1,"shop":"a"}]', true],
    ['[{"shop":"a","till":1}]', false],
  ]);
});

test('[N2] what a step does not touch passes on digit by digit, fields that no model names too', () => {
  const driver = new ProcessorDriver(yaml);
  driver.pipe(
    'sales',
    sale('9007199254740993', '"1.10"', ',"at":null,"more":{"x":1.50,"y":12345678901234567890123,"constructor":1e400}'),
  );
  driver.flush();
  expect(driver.sentTo('out')).toMatchObject([
    {
      key: '9007199254740993',
      value:
        '{"id":9007199254740993,"amount":"1.10","at":null,"more":{"x":1.50,"y":12345678901234567890123,"constructor":1e400}}',
    },
  ]);
});
