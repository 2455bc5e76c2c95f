import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { type TestDriver, testDriver } from '../testing/test-driver.ts';

const document = documentOf(`
app: purge
topics:
  in: { partitions: 2, key: string, value: { user: string } }
tables:
  by-user: { key: string, value: { n: count() } }
agents:
  count: { from: in, steps: [ { group_by: value.user }, { aggregate: by-user } ] }
settings: { commit: 1s }
`);
const internal = 'purge-count-group_by-repartition';
/** Marks of time, which have no key, are no records of the app's. */
const kept = (t: TestDriver, topic: string): number =>
  t.broker.logs(topic).reduce((sum, { records }) => sum + records.filter(({ key }) => key !== null).length, 0);
const pipe = (t: TestDriver, from: number, to: number): void => {
  for (let n = from; n < to; n++) t.topic('in').pipe(`k${n}`, { user: `u${n % 5}` }, { at: n });
};
const counts = (t: TestDriver): unknown[] =>
  t
    .table('by-user')
    .rows()
    .map(({ value }) => value['n']);

test('[O9] what a repartition topic has brought and the group has committed is deleted from it, twice a minute; topics of others keep theirs', async () => {
  const t = await testDriver(document);
  pipe(t, 0, 50);
  await t.advance(20_000);
  expect(kept(t, internal)).toBe(50);
  await t.advance(10_000);
  pipe(t, 50, 51);
  await t.advance(2_000);
  expect(kept(t, internal)).toBeLessThanOrEqual(1);
  pipe(t, 51, 100);
  await t.advance(20_000);
  expect(kept(t, internal)).toBeGreaterThanOrEqual(49);
  await t.advance(10_000);
  pipe(t, 100, 101);
  await t.advance(2_000);
  expect(kept(t, internal)).toBeLessThanOrEqual(1);
  expect(kept(t, 'in')).toBe(101);
  await t.crash();
  const next = await testDriver(document, { broker: t.broker, clock: t.clock });
  pipe(next, 101, 150);
  await next.advance(2_000);
  expect(counts(next)).toEqual([30, 30, 30, 30, 30]);
  await next.stop();
});

test('[O9] what is not committed stays until it is', async () => {
  const t = await testDriver(document);
  t.broker.faults.refuseCommits = 1_000;
  pipe(t, 0, 50);
  await t.advance(40_000);
  expect(kept(t, internal)).toBe(50);
  t.broker.faults.refuseCommits = 0;
  await t.advance(40_000);
  expect(kept(t, internal)).toBe(0);
  expect(counts(t)).toEqual([10, 10, 10, 10, 10]);
  await t.stop();
});
