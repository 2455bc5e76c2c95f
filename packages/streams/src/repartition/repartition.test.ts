import type { AppDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { type TestDriver, testDriver } from '../testing/test-driver.ts';

const documentWith = (where = 'true'): AppDocument =>
  documentOf(`
app: users
topics:
  in: { name: users-in, partitions: 3, key: string, value: { user: string, n: long }, eventTime: record }
  other: { name: users-other, partitions: 2, key: string, value: { user: string, n: long }, eventTime: record }
tables:
  by-user: { key: string, value: { count: count(), total: sum(value.n) } }
agents:
  count:
    from: [in, other]
    steps: [ { filter: "${where}" }, { group_by: value.user }, { aggregate: by-user } ]
settings: { commit: 1s }
`);
const document = documentWith();

const events = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ key: `k${(from + i) % 17}`, user: `u${(from + i) % 7}`, n: from + i }));
const pipe = (t: TestDriver, some: ReturnType<typeof events>): void => {
  for (const { key, user, n } of some) t.topic(n % 3 === 0 ? 'other' : 'in').pipe(key, { user, n }, { at: n });
};
const counted = (t: TestDriver) =>
  Object.fromEntries(
    t
      .table('by-user')
      .rows()
      .map(({ key, value }) => [key, [value['count'], value['total']]]),
  );
const oracle = (some: ReturnType<typeof events>) => {
  const users: Record<string, [number, number]> = {};
  for (const { user, n } of some) {
    const [count, total] = users[user] ?? [0, 0];
    users[user] = [count + 1, total + n];
  }
  return users;
};
const repartitioned = (t: TestDriver): number =>
  t.broker.logs('users-count-group_by-repartition').reduce((sum, log) => sum + log.records.length, 0);
/** A crash's successor, over the same broker and clock. */
const successor = (t: TestDriver, next = document) => testDriver(next, { broker: t.broker, clock: t.clock });

test('[R6] events that are repartitioned again after a crash count once', async () => {
  let t = await testDriver(document);
  const all = events(700);
  for (let at = 0; at < all.length; at += 100) {
    pipe(t, all.slice(at, at + 60));
    await t.advance(1_000);
    // Done and repartitioned, but not committed; every other time the flush is written, too.
    pipe(t, all.slice(at + 60, at + 100));
    await t.settle();
    if (at % 200 === 0) {
      t.broker.faults.refuseCommits = 1;
      await t.advance(1_000);
      t.broker.faults.refuseCommits = 0;
    }
    await t.crash();
    t = await successor(t);
  }
  await t.advance(2_000);
  expect(repartitioned(t)).toBeGreaterThan(all.length);
  expect(counted(t)).toEqual(oracle(all));
  await t.stop();
});

test('[R6] what is written only in part before a crash is written whole after it', async () => {
  const t = await testDriver(document);
  pipe(t, events(50));
  await t.advance(1_000);
  pipe(t, events(50, 50));
  await t.settle();
  await t.crash();
  // One partition of the repartition topic has lost its tail: the crash came before it was written.
  const log = t.broker.logs('users-count-group_by-repartition').find(({ records }) => records.length > 4);
  (log?.records as unknown[] | undefined)?.splice(-2); // readonly to all but a crash
  const second = await successor(t);
  await second.advance(2_000);
  expect(counted(second)).toEqual(oracle(events(100)));
  await second.stop();
});

test('[R6] an offset that somebody moved back is obeyed: its events count again', async () => {
  const t = await testDriver(document);
  pipe(t, events(40));
  await t.advance(2_000);
  await t.stop();
  const { committed } = t.broker.group('users');
  for (const id of committed.keys()) if (!id.includes('repartition')) committed.set(id, 0n);
  const second = await successor(t);
  await second.advance(2_000);
  expect(counted(second)).toEqual(oracle([...events(40), ...events(40)]));
  await second.stop();
});

test('[R6] a version whose steps differ loses nothing of what a crash makes it repeat', async () => {
  const t = await testDriver(documentWith('value.n >= 30'));
  pipe(t, events(10));
  await t.advance(1_000);
  pipe(t, events(40, 10));
  await t.settle();
  await t.crash();
  const second = await successor(t, documentWith('value.n < 30'));
  await second.advance(2_000);
  // 30 to 49 were repartitioned by the first version, 10 to 29 by the second.
  expect(counted(second)).toEqual(oracle(events(40, 10)));
  await second.stop();
});

test('[R6] after a swap of the steps, and a crash, events count once', async () => {
  const t = await testDriver(documentWith('value.n >= 0'));
  pipe(t, events(30));
  await t.settle();
  await t.swap(document);
  await t.advance(1_000);
  pipe(t, events(30, 30));
  await t.settle();
  await t.crash();
  const second = await successor(t);
  await second.advance(2_000);
  expect(counted(second)).toEqual(oracle(events(60)));
  await second.stop();
});

test('[R6] records without an origin pass, and nobody sees the origins of the others', async () => {
  const t = await testDriver(
    documentOf(`
app: users
topics:
  in: { name: users-in, partitions: 1, key: string, value: { user: string }, eventTime: record }
  out: { name: users-out, partitions: 1, key: string, value: { user: string } }
agents:
  move: { from: in, steps: [ { group_by: value.user }, { send: out } ] }
`),
  );
  t.topic('in').pipe('k', { user: 'a' }, { at: 1, headers: { trace: '1' } });
  t.topic('in').pipe('k', { user: 'b' }, { at: 2 });
  t.topic('users-move-group_by-repartition').pipeBytes(Buffer.from('"c"'), Buffer.from('{"user":"c"}'), { at: 3 });
  await t.advance(1_000);
  const told = t.broker
    .logs('users-out')
    .flatMap(({ records }) => records)
    .map(({ key, headers }) => [String(key), Object.keys(headers ?? {})]);
  expect(told.sort()).toEqual([
    ['a', ['trace']],
    ['b', []],
    ['c', []],
  ]);
  await t.stop();
});
