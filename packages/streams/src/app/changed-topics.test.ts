import { expect, test } from 'vitest';
import { documentOf } from '../testing/processor-driver.ts';
import { type TestDriver, testDriver } from '../testing/test-driver.ts';

const copying = (settings = '{}') =>
  documentOf(`
app: copying
topics:
  in: { name: copying-in, partitions: 2, key: string, value: { n: long }, eventTime: record }
  out: { name: copying-out, partitions: 1, key: string, value: { n: long } }
agents:
  copy: { from: in, steps: [ { map: { n: value.n } }, { send: out } ] }
settings: ${settings}
`);

const counting = (steps: string, partitions = 2) =>
  documentOf(`
app: counting
topics:
  in: { name: counting-in, partitions: ${partitions}, key: string, value: { n: long }, eventTime: record }
tables:
  counts: { key: string, value: { count: count() } }
agents:
  count: { from: in, steps: [ ${steps}{ aggregate: counts } ] }
`);

const counts = (t: TestDriver) =>
  Object.fromEntries(
    t
      .table('counts')
      .rows()
      .map(({ key, value }) => [key, value['count']]),
  );
const out = (t: TestDriver) =>
  t
    .topic('out')
    .read()
    .map(({ value }) => JSON.stringify(value));
const notices = (t: TestDriver) => t.status().notices.map(({ words }) => words);

/** As an admin tool does: the topic and what groups have committed of it are gone, and another of its name is there. */
const makeAnew = (t: TestDriver, name: string, partitions: number) => {
  t.broker.delete(name);
  t.broker.create({ name, partitions, replication: 1 });
};

test.each(['earliest', 'latest'])(
  '[P1] partitions that are added are read from their first record, and said: %s',
  async (startFrom) => {
    const t = await testDriver(copying(`{ startFrom: ${startFrom} }`));
    await t.advance(1_000);
    t.topic('in').pipe('a', { n: 1 }, { partition: 0 });
    t.broker.addPartitions('copying-in', 4);
    t.topic('in').pipe('b', { n: 2 }, { partition: 2 }).pipe('c', { n: 3 }, { partition: 3 });
    await t.advance(1_000);
    expect(out(t).sort()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
    expect(notices(t)).toEqual([
      'copying-in has 4 partitions now, not 2: each is read, new ones from their first record.',
    ]);
    expect(t.status().partitions.filter(({ topic }) => topic === 'copying-in').length).toBe(4);
    await t.stop();
  },
);

test('[P1] partitions that were added while the app was stopped are read from their first record', async () => {
  const a = await testDriver(copying('{ startFrom: latest }'));
  await a.advance(1_000);
  await a.stop();
  a.broker.addPartitions('copying-in', 3);
  a.topic('in').pipe('b', { n: 2 }, { partition: 2 });
  const b = await testDriver(copying('{ startFrom: latest }'), { broker: a.broker, clock: a.clock });
  await b.advance(1_000);
  expect(out(b)).toEqual(['{"n":2}']);
  await b.stop();
});

test('[P1] in front of a group_by, partitions are added without a word of the tables behind it', async () => {
  const t = await testDriver(counting('{ group_by: value.n }, '));
  t.broker.addPartitions('counting-in', 5);
  for (let partition = 0; partition < 5; partition++) t.topic('in').pipe('k', { n: 7 }, { partition });
  await t.advance(2_000);
  expect(counts(t)).toEqual({ 7: 5 });
  await t.stop();
});

test('[P2] where tables are kept by the partitions of a topic that gets more of them, the app stops in words with the ways out', async () => {
  const t = await testDriver(counting(''));
  t.topic('in').pipe('a', { n: 1 });
  await t.advance(1_000);
  t.broker.addPartitions('counting-in', 6);
  await t.settle();
  expect(t.runtime.state).toMatchObject({
    kind: 'failed',
    reason:
      'counting-in has 6 partitions now, and counts is kept by 2: records of one key would be counted in two places. Put group_by: { key: key, partitions: 2 } in front of the aggregate to keep the state, or group_by: { key: key, partitions: 6 } to rebuild it from the first record.',
  });
  await t.stop();
});

test.each(['', '{ group_by: value.n }, '])(
  '[P3] a topic that is deleted and made anew while the app runs is read from its first record, tables kept: %s',
  async (steps) => {
    const t = await testDriver(counting(steps));
    for (let i = 0; i < 10; i++) t.topic('in').pipe('1', { n: 1 });
    await t.advance(2_000);
    makeAnew(t, 'counting-in', 2);
    for (let i = 0; i < 20; i++) t.topic('in').pipe('1', { n: 1 });
    await t.advance(2_000);
    expect(counts(t)).toEqual({ 1: 30 });
    expect(notices(t)).toEqual([
      'counting-in was deleted and made anew: the new one is read from its first record, and tables keep what they hold. Of the one before, 10 offsets had been read; what it had beyond is gone.',
    ]);
    await t.stop();
  },
);

test.each(['', '{ group_by: value.n }, '])(
  '[P3] so is one that was made anew while the app was stopped, or had crashed: %s',
  async (steps) => {
    const a = await testDriver(counting(steps));
    for (let i = 0; i < 10; i++) a.topic('in').pipe('1', { n: 1 });
    await a.advance(2_000);
    await a.crash();
    makeAnew(a, 'counting-in', 2);
    for (let i = 0; i < 20; i++) a.topic('in').pipe('1', { n: 1 });
    const b = await testDriver(counting(steps), { broker: a.broker, clock: a.clock });
    await b.advance(2_000);
    expect(counts(b)).toEqual({ 1: 30 });
    await b.stop();
  },
);

test('[P3] a commit of the log that is gone does not stand for the new one', async () => {
  const t = await testDriver(copying('{ startFrom: latest }'));
  t.topic('in').pipe('a', { n: 1 }, { partition: 0 });
  await t.advance(1_000);
  out(t);
  // The offsets outlive the topic: other brokers keep them a while.
  const group = t.broker.group('copying');
  const committed = new Map(group.committed);
  await t.stop();
  makeAnew(t, 'copying-in', 2);
  for (const [id, offset] of committed) group.committed.set(id, offset);
  t.topic('in').pipe('b', { n: 2 }, { partition: 0 }).pipe('c', { n: 3 }, { partition: 0 });
  const again = await testDriver(copying('{ startFrom: latest }'), { broker: t.broker, clock: t.clock });
  await again.advance(1_000);
  expect(
    again
      .topic('out')
      .read()
      .map(({ value }) => JSON.stringify(value)),
  ).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
  await again.stop();
});

test('[P3] while a topic is gone the app says so, and goes on when it is back', async () => {
  const t = await testDriver(counting(''));
  t.topic('in').pipe('1', { n: 1 });
  await t.advance(1_000);
  t.broker.delete('counting-in');
  await t.settle();
  expect(t.runtime.state).toMatchObject({ kind: 'retrying', reason: expect.stringContaining('counting-in is gone') });
  t.broker.create({ name: 'counting-in', partitions: 2, replication: 1 });
  t.topic('in').pipe('1', { n: 1 });
  await t.advance(1_000);
  expect([t.runtime.state.kind, counts(t)]).toEqual(['running', { 1: 2 }]);
  await t.stop();
});
