import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { type TestDriver, testDriver } from '../testing/test-driver.ts';

const document = (table = 'a', rest = '') =>
  documentOf(`
app: kept
topics:
  in: { name: kept-in, partitions: 1, key: string, value: { n: long }, eventTime: record }
tables:
  ${table}: { key: string, value: { count: count() } }
  b: { key: string, value: { count: count() } }
agents:
  first: { from: in, steps: [ ${rest}{ aggregate: ${table} } ] }
  second: { from: in, steps: [ { aggregate: b } ] }
`);
const counts = (t: TestDriver, table: string) => t.table(table).rows()[0]?.value['count'];
const pipe = (t: TestDriver, records: number): void => {
  for (let n = 0; n < records; n++) t.topic('in').pipe('k', { n: 1 });
};
/** Ten events are counted, and the app is stopped. */
const counted = async (steps = ''): Promise<TestDriver> => {
  const t = await testDriver(document('a', steps));
  pipe(t, 10);
  await t.advance(3_000);
  await t.stop();
  return t;
};
const makeAnew = ({ broker }: TestDriver, name: string): void => {
  broker.delete(name);
  broker.create({ name, partitions: 1, replication: 1 });
};
const again = async (before: TestDriver, to = document()): Promise<TestDriver> => {
  const t = await testDriver(to, { broker: before.broker, clock: before.clock });
  pipe(t, 5);
  await t.advance(3_000);
  return t;
};
const lost = (table: string) =>
  new RegExp(`^kept-${table}-changelog/0, where ${table} is kept, has nothing of it any more: was the topic deleted`);

test.each(['', '{ group_by: value.n }, '])(
  '[C10] an app whose changelog is gone stops in words, and what another table holds is not touched: %s',
  async (steps) => {
    const before = await counted(steps);
    const kept = before.broker.log('kept-b-changelog', 0).latest;
    makeAnew(before, 'kept-a-changelog');
    await expect(again(before, document('a', steps))).rejects.toThrow(lost('a'));
    expect(before.broker.log('kept-b-changelog', 0).latest).toBe(kept);
  },
);

test('[C10] a changelog that was emptied is as one that was deleted', async () => {
  const before = await counted();
  const log = before.broker.log('kept-b-changelog', 0);
  log.truncateBefore(log.latest);
  await expect(again(before)).rejects.toThrow(lost('b'));
});

test('[C10] a changelog that has lost its beginning alone is said: what is left of the table goes on', async () => {
  const before = await counted();
  before.broker.log('kept-b-changelog', 0).truncateBefore(1n);
  const t = await again(before);
  expect(t.status().notices.map(({ words }) => words)).toEqual([
    expect.stringMatching(/^kept-b-changelog\/0 begins at offset 1: Kafka has deleted what stood before/),
  ]);
  await t.stop();
});

test('[C10] without the group, too, all is counted anew', async () => {
  const before = await counted();
  makeAnew(before, 'kept-a-changelog');
  makeAnew(before, 'kept-b-changelog');
  before.broker.group('kept').committed.clear();
  const t = await again(before);
  expect([counts(t, 'a'), counts(t, 'b')]).toEqual([15, 15]);
  await t.stop();
});

test('[C10] under another name the table begins empty; the other goes on', async () => {
  const before = await counted();
  makeAnew(before, 'kept-a-changelog');
  const t = await again(before, document('other'));
  expect([counts(t, 'other'), counts(t, 'b')]).toEqual([5, 15]);
  await t.stop();
});

test('[C10] a table that has held nothing yet may lose its changelog', async () => {
  const t = await testDriver(document('a', '{ filter: value.n > 1 }, '));
  pipe(t, 10);
  await t.advance(3_000);
  await t.stop();
  expect(counts(t, 'a')).toBeUndefined();
  const next = await again(t, document('a', '{ filter: value.n > 1 }, '));
  expect(counts(next, 'b')).toBe(15);
  await next.stop();
});
