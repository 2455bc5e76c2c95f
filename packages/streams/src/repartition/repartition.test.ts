import type { AppDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { TestDriver, testDriver } from '../testing/test-driver.ts';
import type { RecordHeaders } from '../transport/record-headers.ts';

const documentWith = (where = 'true', extra = ''): AppDocument =>
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
    steps: [ { filter: "${where}" }, ${extra} { group_by: value.user }, { aggregate: by-user } ]
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
  t.broker.logs('users-count-group_by-repartition').reduce((sum, { latest }) => sum + Number(latest), 0);
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

test.each([
  ['all of them', () => true],
  ['those of one partition', (id: string) => id === 'users-in/1'],
  ['those of the sources', (id: string) => !id.includes('repartition')],
])(
  '[R8] offsets that the group has lost, %s, make nothing count twice: the state knows what it includes',
  async (_, lost) => {
    const t = await testDriver(document);
    pipe(t, events(40));
    await t.advance(2_000);
    // Processed, but not committed when it ends.
    pipe(t, events(20, 40));
    await t.settle();
    await t.crash();
    const { committed } = t.broker.group('users');
    for (const id of [...committed.keys()]) if (lost(id)) committed.delete(id);
    const second = await successor(t);
    pipe(second, events(20, 60));
    await second.advance(2_000);
    expect(counted(second)).toEqual(oracle(events(80)));
    await second.crash();
    for (const id of [...committed.keys()]) if (lost(id)) committed.delete(id);
    const third = await successor(second);
    await third.advance(2_000);
    expect(counted(third)).toEqual(oracle(events(80)));
    await third.stop();
  },
);

test('[R8] a pass that somebody began goes on where the group has lost its offsets in the midst of it', async () => {
  const t = await testDriver(document);
  pipe(t, events(40));
  await t.advance(2_000);
  await t.stop();
  const { committed } = t.broker.group('users');
  for (const id of committed.keys()) if (!id.includes('repartition')) committed.set(id, 0n);
  const second = await successor(t);
  await second.advance(2_000);
  await second.stop();
  committed.clear();
  const third = await successor(second);
  await third.advance(2_000);
  expect(counted(third)).toEqual(oracle([...events(40), ...events(40)]));
  await third.stop();
});

test('[R8] a crash before the first commit makes nothing count twice', async () => {
  const t = await testDriver(document);
  t.broker.faults.refuseCommits = 99;
  pipe(t, events(40));
  await t.advance(2_000);
  await t.crash();
  t.broker.group('users').committed.clear();
  t.broker.faults.refuseCommits = 0;
  const second = await successor(t);
  await second.advance(2_000);
  expect(counted(second)).toEqual(oracle(events(40)));
  await second.stop();
});

test('[R6] a version with another filter goes on with the pass: what the one before has sent is not sent again for it', async () => {
  const t = await testDriver(documentWith('value.n >= 0'));
  pipe(t, events(10));
  await t.advance(1_000);
  pipe(t, events(40, 10));
  await t.settle();
  await t.crash();
  const second = await successor(t, documentWith('value.n >= 0 && value.n < 1000'));
  await second.advance(2_000);
  expect(counted(second)).toEqual(oracle(events(50)));
  await second.stop();
});

test('[R6] a version whose records differ loses nothing of what a crash makes it repeat', async () => {
  const t = await testDriver(document);
  pipe(t, events(10));
  await t.advance(1_000);
  pipe(t, events(40, 10));
  await t.settle();
  await t.crash();
  const second = await successor(t, documentWith('true', '{ set: { n: value.n + 0 } },'));
  await second.advance(2_000);
  for (const [user, [count]] of Object.entries(oracle(events(50))))
    expect(Number(counted(second)[user]?.[0]), user).toBeGreaterThanOrEqual(count);
  await second.stop();
});

test.each([
  ['the same records', 'value.n >= 0', ''],
  ['other records', 'true', '{ set: { n: value.n + 0 } },'],
])('[R6] after a swap to steps that make %s, and a crash, events count once', async (_, where, extra) => {
  const next = documentWith(where, extra);
  const t = await testDriver(document);
  pipe(t, events(30));
  await t.settle();
  await t.swap(next);
  await t.advance(1_000);
  pipe(t, events(30, 30));
  await t.settle();
  await t.crash();
  const second = await successor(t, next);
  await second.advance(2_000);
  expect(counted(second)).toEqual(oracle(events(60)));
  await second.stop();
});

test('[R6] nothing is repartitioned in a pass that the group does not know: a crash right after a swap makes nothing count twice', async () => {
  const next = documentWith('true', '{ set: { n: value.n + 0 } },');
  const t = await testDriver(document);
  pipe(t, events(30));
  await t.advance(5_000);
  t.broker.faults.refuseCommits = 1;
  await t.swap(next);
  const before = repartitioned(t);
  pipe(t, events(30, 30));
  await t.settle();
  expect(repartitioned(t)).toBe(before);
  await t.crash();
  t.broker.faults.refuseCommits = 0;
  const second = await successor(t, next);
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
  const headers: RecordHeaders = [
    ['trace', Buffer.from('1')],
    ['millrace-origin', null],
    ['trace', Buffer.from([0xff])],
  ];
  t.topic('in').pipe('k', { user: 'a' }, { at: 1, headers });
  t.topic('in').pipe('k', { user: 'b' }, { at: 2 });
  t.topic('users-move-group_by-repartition').pipeBytes(Buffer.from('"c"'), Buffer.from('{"user":"c"}'), { at: 3 });
  await t.advance(1_000);
  const told = t.broker
    .logs('users-out')
    .flatMap(({ records }) => records)
    .map(({ key, headers }) => [String(key), headers] as const);
  expect(told.sort(([a], [b]) => a.localeCompare(b))).toEqual([
    ['a', headers],
    ['b', undefined],
    ['c', undefined],
  ]);
  await t.stop();
});

test('[R7] what waits in a repartition topic is read from its first record, whatever the app starts from', async () => {
  const latest = documentOf(`
app: users
topics:
  in: { name: users-in, partitions: 1, key: string, value: { user: string }, eventTime: record }
tables:
  by-user: { key: string, value: { count: count() } }
agents:
  count: { from: in, steps: [ { group_by: value.user }, { aggregate: by-user } ] }
settings: { startFrom: latest }
`);
  const t = new TestDriver(latest, {});
  t.topic('in').pipe('k', { user: 'before' }, { at: 1 });
  t.topic('users-count-group_by-repartition').pipeBytes(Buffer.from('under way'), Buffer.from('{"user":"under way"}'));
  await t.start();
  t.topic('in').pipe('k', { user: 'after' }, { at: 2 });
  await t.advance(1_000);
  expect(
    t
      .table('by-user')
      .rows()
      .map(({ key }) => key),
  ).toEqual(['after', 'under way']);
  await t.stop();
});
