import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { type TestDriver, testDriver } from '../testing/test-driver.ts';

const document = documentOf(`
app: cut
topics:
  in: { name: cut-in, partitions: 1, key: string, value: { n: long }, eventTime: record }
tables:
  counts: { key: string, value: { count: count() } }
agents:
  count: { from: in, steps: [ { aggregate: counts } ] }
settings: { commit: 1s }
`);
const pipe = (t: TestDriver, from: number, to: number): void => {
  for (let n = from; n < to; n++) t.topic('in').pipe('k', { n }, { at: n });
};
const count = (t: TestDriver): unknown => t.table('counts').rows()[0]?.value['count'];
const notices = (t: TestDriver): string[] => t.status().notices.map(({ words }) => words);
const stopped = async (records: number): Promise<TestDriver> => {
  const t = await testDriver(document);
  pipe(t, 0, records);
  await t.advance(2_000);
  await t.stop();
  return t;
};
const again = async ({ broker, clock }: TestDriver): Promise<TestDriver> => {
  const t = await testDriver(document, { broker, clock });
  await t.advance(2_000);
  return t;
};

test('[P5] records that were deleted before they were read are said with their offsets; the others are counted once', async () => {
  const first = await stopped(10);
  pipe(first, 10, 30);
  first.broker.log('cut-in', 0).truncateBefore(25n);
  const t = await again(first);
  expect(notices(t)).toEqual([expect.stringContaining('cut-in/0: 15 offsets, 10 to 24, were deleted before')]);
  expect(count(t)).toBe(15);
  await t.stop();
});

test('[P5] a log that has lost its tail is read on from its end, and nothing is counted twice', async () => {
  const first = await stopped(10);
  first.broker.log('cut-in', 0).truncateFrom(8n);
  const t = await again(first);
  pipe(t, 8, 9);
  await t.advance(2_000);
  expect(notices(t)).toEqual([expect.stringContaining('cut-in/0 ends before offset 10')]);
  expect(count(t)).toBe(11);
  await t.stop();
});
