import { expect, test } from 'vitest';
import { countDocument } from '../testing/count-document.ts';
import { testDriver } from '../testing/test-driver.ts';

test('[A1] an app reads, aggregates, commits and sends', async () => {
  const t = await testDriver(countDocument());
  t.topic('in').pipe('a', { n: 1 }, { at: 0 }).pipe('a', { n: 2 }, { at: 500 }).pipe('b', { n: 3 }, { at: 1_200 });
  await t.advance(1_000);
  expect(t.table('counts').rows()).toEqual([
    { key: 'a', window: [0, 1_000], value: { count: 2, total: 3 } },
    { key: 'b', window: [1_000, 2_000], value: { count: 1, total: 3 } },
  ]);
  expect(t.topic('out').read().map(({ key, value }) => [key, value])).toEqual([
    ['a', { count: 2, total: 3 }],
    ['b', { count: 1, total: 3 }],
  ]);
  expect(t.status().partitions.map(({ committed, read, end, lag }) => [committed, read, end, lag])).toContainEqual(['3', '3', '3', 0]);
  await t.stop();
});
