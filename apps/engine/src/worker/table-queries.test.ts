import type { Clock } from '@millrace/streams';
import { countDocument, testDriver } from '@millrace/streams/testing';
import { expect, test } from 'vitest';
import type { PageQuery } from '../ipc/to-worker.ts';
import { tablePage } from './table-queries.ts';

const query: PageQuery = {
  search: null,
  where: 'value.count > 0',
  windows: 'all',
  sort: { column: 'key', descending: false },
  sortOnly: false,
  skip: 0,
  limit: 1_000,
  trend: false,
};

/** Each look at it takes so many ms. */
const passing = (ms: number): Clock => {
  let atMs = 0;
  const monotonic = () => {
    atMs += ms;
    return atMs;
  };
  return { now: monotonic, monotonic, after: () => ({ cancel: () => undefined }) };
};

test('a filter that has no time for every row is cut short, and says so', async () => {
  const t = await testDriver(countDocument({ partitions: 1 }));
  for (let at = 0; at < 500; at += 1) t.topic('in').pipe(`k${at}`, { n: 1 }, { at: 0 });
  await t.advance(1_000);
  const partitions = t.runtime.tables().get('counts') ?? [];
  expect(tablePage(partitions, query, passing(0))).toMatchObject({ matched: 500, total: 500, partial: false });
  const cut = tablePage(partitions, query, passing(40));
  expect(cut.partial).toBe(true);
  expect(cut.matched).toBeGreaterThan(0);
  expect(cut.matched).toBeLessThan(200);
  expect(tablePage(partitions, { ...query, where: null }, passing(40))).toMatchObject({ matched: 500, partial: false });
});
