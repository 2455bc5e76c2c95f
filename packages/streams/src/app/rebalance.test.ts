import { expect, test } from 'vitest';
import { countDocument } from '../testing/count-document.ts';
import { type TestDriver, testDriver } from '../testing/test-driver.ts';

const document = countDocument({ partitions: 4, settings: '{ commit: 1s }' });
const changelog = 'counting-counts-changelog';
const keys = Array.from({ length: 40 }, (_, i) => `k${i}`);
const pipeAll = (t: TestDriver, at: number) => {
  for (const key of keys) t.topic('in').pipe(key, { n: 1 }, { at });
};
const counts = (...drivers: TestDriver[]) =>
  Object.fromEntries(
    drivers.flatMap((t) =>
      t
        .table('counts')
        .rows()
        .map(({ key, value }) => [key, value['count']]),
    ),
  );
const all = (count: number) => Object.fromEntries(keys.map((key) => [key, count]));

test('[R2] tasks that stay keep their state without a restore; the others are handed over whole', async () => {
  const restored: string[] = [];
  const a = await testDriver(document, { workerId: 'a', sensor: { restored: (task) => restored.push(`a ${task}`) } });
  pipeAll(a, 0);
  await a.settle();
  restored.length = 0;
  const b = await testDriver(document, {
    workerId: 'b',
    broker: a.broker,
    clock: a.clock,
    sensor: { restored: (task) => restored.push(`b ${task}`) },
  });
  await a.settle();
  expect([a.status().tasks.length, b.status().tasks.length]).toEqual([2, 2]);
  expect(restored.map((line) => line[0])).toEqual(['b', 'b']);
  expect(counts(a, b)).toEqual(all(1));
  pipeAll(a, 1);
  await a.settle();
  await b.settle();
  await b.stop();
  await a.settle();
  expect(counts(a)).toEqual(all(2));
  await a.stop();
});

test('[R3] a task whose changelog somebody else wrote to is rebuilt, not trusted', async () => {
  const restored: string[] = [];
  const a = await testDriver(document, { workerId: 'a', sensor: { restored: (task) => restored.push(task) } });
  pipeAll(a, 0);
  await a.settle();
  restored.length = 0;
  const group = a.broker.group('counting');
  // A member that is slow to come holds the barrier open: meanwhile a zombie writes.
  const joining = group.join({
    id: 'other',
    copartitioned: [['counting-in']],
    topics: new Set(['counting-in']),
    held: {},
    generation: -1,
    rebalanceTimeoutMs: 60_000,
    disturbed: () => group.leave('other'),
  });
  for (const log of a.broker.logs(changelog))
    log.append({ timestampMs: 0, key: Buffer.from('["zombie",0]'), value: null });
  await a.settle();
  await joining;
  group.leave('other');
  await a.settle();
  expect(restored.length).toBeGreaterThanOrEqual(2);
  expect(counts(a)).toEqual(all(1));
  await a.stop();
});

test('[R4] a member that was put out drops its state, commits nothing, and joins again', async () => {
  const revokes: boolean[] = [];
  const a = await testDriver(document, { sensor: { revoked: (_, lost) => revokes.push(lost) } });
  pipeAll(a, 0);
  await a.settle();
  const group = a.broker.group('counting');
  const [member] = group.members();
  group.fence(member ?? '');
  await a.settle();
  expect(revokes).toEqual([true]);
  expect(a.status().state.kind).toBe('running');
  expect(counts(a)).toEqual(all(1));
  await a.advance(1_000);
  expect(a.status().partitions.map(({ lag }) => lag)).toEqual([0, 0, 0, 0]);
  await a.stop();
});

test('[R1] no event is processed before its task is restored to the end of its changelog', async () => {
  const a = await testDriver(document);
  pipeAll(a, 0);
  await a.advance(1_000);
  await a.stop();
  pipeAll(a, 1);
  const order: string[] = [];
  const b = await testDriver(document, {
    broker: a.broker,
    clock: a.clock,
    sensor: {
      restored: (task) => order.push(`restored ${task}`),
      processed: (task) => order.push(`processed ${task}`),
    },
  });
  await b.settle();
  for (const { subtopology, partition } of b.status().tasks) {
    const task = `${subtopology}/${partition}`;
    expect(order.indexOf(`restored ${task}`)).toBeLessThan(order.indexOf(`processed ${task}`));
  }
  expect(counts(b)).toEqual(all(2));
  expect(b.status().tasks[0]?.restored).toMatchObject({ tookMs: 0 });
  await b.stop();
});

test('[R5] a restored app closes the windows that were open, at their time', async () => {
  const a = await testDriver(document, { startMs: 20_000 });
  a.topic('in').pipe('k', { n: 1 }, { at: 500 });
  await a.advance(1_000);
  await a.crash();
  const b = await testDriver(document, { broker: a.broker, clock: a.clock });
  const streamTimes = b
    .status()
    .tasks.map(({ streamTimeMs }) => streamTimeMs)
    .filter((time) => time !== null);
  expect(streamTimes).toEqual([500]);
  b.topic('in').pipe('k', { n: 1 }, { at: 11_000 }).pipe('k', { n: 1 }, { at: 600 });
  await b.settle();
  expect(
    b
      .table('counts')
      .get('k')
      .find(({ window }) => window?.[0] === 0)?.value['count'],
  ).toBe(1);
  await b.stop();
});
