import { expect, test } from 'vitest';
import { ProcessorDriver } from '../testing/processor-driver.ts';
import type { TableQuery } from './table-partition.ts';

const driver = new ProcessorDriver(`
app: query
topics:
  in: { partitions: 1, key: string, value: { v: long, ts: timestamp }, eventTime: value.ts }
tables:
  t: { key: string, window: { tumbling: 10ms, grace: 10ms }, value: { n: count(), top: max(value.v) } }
agents:
  a: { from: in, steps: [ { aggregate: t } ] }
`);
// Key ki has i events in the window from 0, and i − 3 in that from 10; at time 25 only the latter and the one from 20 are open.
for (let i = 1; i <= 9; i++) {
  driver.pipe(
    'in',
    ...Array.from({ length: 2 * i }, (_, n) => ({ key: `K${i}`, value: { v: n, ts: n < i ? 5 : 15 } })).slice(
      0,
      Math.max(i, 2 * i - 3),
    ),
  );
}
driver.pipe('in', { key: 'other', value: { v: 1, ts: 25 } });
const table = driver.table('t');
const ask = (query: Partial<TableQuery>) => {
  const { rows, matched } = table.query({ windows: 'all', limit: 100, ...query });
  return { matched, rows: rows.map(({ key, windowStartMs, value }) => `${key}@${windowStartMs} ${value['n']}`) };
};

test('[T10] latest gives each key its newest window, open the windows that still accept, a start that one window', () => {
  expect(ask({ windows: 'latest' }).rows).toEqual([
    'K1@0 1',
    'K2@0 2',
    'K3@0 3',
    'K4@10 1',
    'K5@10 2',
    'K6@10 3',
    'K7@10 4',
    'K8@10 5',
    'K9@10 6',
    'other@20 1',
  ]);
  expect(ask({ windows: 'open' }).rows).toEqual([
    'K4@10 1',
    'K5@10 2',
    'K6@10 3',
    'K7@10 4',
    'K8@10 5',
    'K9@10 6',
    'other@20 1',
  ]);
  expect(ask({ windows: { startMs: 0 } }).matched).toBe(9);
  expect(table.get('K9').map(({ windowStartMs }) => windowStartMs)).toEqual([10, 0]);
});

test('[T10] latest of overlapping windows is the one that ends next, and its trend leads up to it', () => {
  const hopping = new ProcessorDriver(`
app: hops
topics:
  in: { partitions: 1, key: string, value: { ts: timestamp }, eventTime: value.ts }
tables:
  t: { key: string, window: { hopping: 30ms, every: 10ms, grace: 1s }, value: { n: count() } }
agents:
  a: { from: in, steps: [ { aggregate: t } ] }
`);
  for (const ts of [5, 12, 25, 27]) hopping.pipe('in', { key: 'k', value: { ts } });
  // At time 27, windows from −20 on hold the key; [0, 30) ends next and holds all four events, [20, 50) has just begun.
  const [row] = hopping.table('t').query({ windows: 'latest', limit: 10, trend: true }).rows;
  expect([row?.windowStartMs, row?.value['n'], row?.trend]).toEqual([0, 4, [1, 2, 4]]);
});

test('[T10] the first rows by a column, nulls last, and how many match in all', () => {
  expect(ask({ sort: { column: 'n', descending: true }, limit: 3 })).toEqual({
    matched: 16,
    rows: ['K9@0 9', 'K8@0 8', 'K7@0 7'],
  });
  expect(ask({ sort: { column: 'n', descending: false }, limit: 2 }).rows).toEqual(['K1@0 1', 'K4@10 1']);
  expect(ask({ sort: { column: 'key', descending: true }, limit: 2 }).rows).toEqual(['other@20 1', 'K9@10 6']);
  expect(ask({ search: 'k1' }).rows).toEqual(['K1@0 1']);
  expect(ask({ where: (key, value) => key !== 'other' && value['n'] === 6 }).rows).toEqual(['K6@0 6', 'K9@10 6']);
});

test("[T11] a trend is the sorted column over a key's windows, oldest first; the scrubber has each window's rows and sum", () => {
  const [row] = table.query({
    windows: 'latest',
    search: 'K9',
    limit: 1,
    trend: true,
    sort: { column: 'n', descending: true },
  }).rows;
  expect(row?.trend).toEqual([9, 6]);
  expect(table.windows('n')).toEqual([
    { startMs: 0, rows: 9, sum: 45, open: false },
    { startMs: 10, rows: 6, sum: 21, open: true },
    { startMs: 20, rows: 1, sum: 1, open: true },
  ]);
});

test('[T10] 100,000 keys sort to the first 50', () => {
  const large = new ProcessorDriver(`
app: large
topics:
  in: { partitions: 1, key: string, value: { v: long } }
tables:
  t: { key: string, value: { total: sum(value.v) } }
agents:
  a: { from: in, steps: [ { aggregate: t } ] }
`);
  large.pipe(
    'in',
    ...Array.from({ length: 100_000 }, (_, i) => ({ key: `k${i}`, value: `{"v":${(i * 7919) % 100_000}}` })),
  );
  const { rows, matched } = large
    .table('t')
    .query({ windows: 'latest', sort: { column: 'total', descending: true }, limit: 50 });
  expect(matched).toBe(100_000);
  expect(rows.map(({ value }) => value['total'])).toEqual(Array.from({ length: 50 }, (_, i) => 99_999 - i));
});
