import { compileDataflow } from '@millrace/dataflow';
import { expect, test } from 'vitest';
import { countDocument } from '../testing/count-document.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { settled } from '../testing/settled.ts';
import { type TestDriver, testDriver } from '../testing/test-driver.ts';
import { compileTopology } from '../topology/compile.ts';
import type { Topology } from '../topology/topology.ts';
import { MemoryBroker } from '../transport/memory/memory-broker.ts';
import { AppRuntime } from './app-runtime.ts';

const document = countDocument({ settings: '{ commit: 1s }' });
const counts = (t: TestDriver) =>
  t
    .table('counts')
    .rows()
    .map(({ key, value }) => [key, value['count']]);

test('[A1] an app reads, aggregates, commits and sends', async () => {
  const t = await testDriver(document);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 }).pipe('a', { n: 2 }, { at: 500 }).pipe('b', { n: 3 }, { at: 1_200 });
  await t.advance(1_000);
  expect(t.table('counts').rows()).toEqual([
    { key: 'a', window: [0, 1_000], value: { count: 2, total: 3 } },
    { key: 'b', window: [1_000, 2_000], value: { count: 1, total: 3 } },
  ]);
  expect(
    t
      .topic('out')
      .read()
      .map(({ key, value }) => [key, value]),
  ).toEqual([
    ['a', { count: 2, total: 3 }],
    ['b', { count: 1, total: 3 }],
  ]);
  expect(t.status().partitions.map(({ committed, read, end, lag }) => [committed, read, end, lag])).toContainEqual([
    '3',
    '3',
    '3',
    0,
  ]);
  await t.stop();
});

test('[A3] a paused app keeps its place in the group and processes nothing; resumed, it misses nothing', async () => {
  const t = await testDriver(document);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.settle();
  t.runtime.pause();
  t.topic('in').pipe('a', { n: 1 }, { at: 1 });
  await t.advance(5_000);
  expect(t.status().state).toEqual({ kind: 'paused', sinceMs: 0 });
  expect(counts(t)).toEqual([['a', 1]]);
  expect(t.status().partitions.map(({ paused, lag }) => [paused, lag])).toEqual([
    [true, 1],
    [true, 0],
  ]);
  expect(t.broker.group('counting').members().length).toBe(1);
  t.runtime.resume();
  await t.advance(1_000);
  expect([t.status().state.kind, counts(t)]).toEqual(['running', [['a', 2]]]);
  await t.stop();
});

test('[A3] a paused app that rejoins comes back paused', async () => {
  const t = await testDriver(document);
  t.runtime.pause();
  await t.settle();
  t.broker.group('counting').fence(t.broker.group('counting').members()[0] ?? '');
  await t.settle();
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.advance(1_000);
  expect([t.status().state.kind, counts(t)]).toEqual(['paused', []]);
  t.runtime.resume();
  await t.settle();
  expect(counts(t)).toEqual([['a', 1]]);
  await t.stop();
});

test('[A4] a swap keeps the tables and works by the new steps from the next event on', async () => {
  const t = await testDriver(document);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 }).pipe('a', { n: 9 }, { at: 0 });
  await t.settle();
  await t.swap(countDocument({ where: 'value.n < 5', settings: '{ commit: 1s }' }));
  t.topic('in').pipe('a', { n: 1 }, { at: 1 }).pipe('a', { n: 9 }, { at: 1 });
  await t.advance(1_000);
  expect(counts(t)).toEqual([['a', 3]]);
  expect(t.broker.group('counting').members().length).toBe(1);
  expect(t.status().meters['counter/filter']).toMatchObject({ in: 4, dropped: 1 });
  await t.stop();
});

test('[A4] events that were buffered at the swap go through the new steps', async () => {
  const t = await testDriver(document);
  t.runtime.pause();
  t.runtime.resume();
  for (let i = 0; i < 3_000; i++) t.topic('in').pipe('a', { n: 9 }, { at: 0 });
  for (let turn = 0; turn < 4; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  await t.swap(countDocument({ where: 'value.n < 5', settings: '{ commit: 1s }' }));
  await t.advance(1_000);
  const meter = t.status().meters['counter/filter'];
  expect(meter?.in).toBe(3_000);
  expect(counts(t)).toEqual(meter && meter.dropped < 3_000 ? [['a', 3_000 - meter.dropped]] : []);
  await t.stop();
});

test('[A5] a swap that would need a rejoin is refused, and changes nothing', async () => {
  const t = await testDriver(document);
  await expect(t.swap(countDocument({ partitions: 3 }))).rejects.toMatchObject({
    name: 'SwapRefused',
    code: 'rejoin-needed',
  });
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.settle();
  expect(counts(t)).toEqual([['a', 1]]);
  await t.stop();
});

test('[A6] when the new processors cannot be built the old ones run on', async () => {
  const t = await testDriver(document);
  const broken: Topology = {
    ...t.runtime.topology,
    subtopologies: t.runtime.topology.subtopologies.map((subtopology) => ({
      ...subtopology,
      build: () => {
        throw new Error('no such function: grade');
      },
    })),
  };
  await expect(t.runtime.swap(broken)).rejects.toThrow('no such function: grade');
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.advance(1_000);
  expect([t.status().state.kind, counts(t)]).toEqual(['running', [['a', 1]]]);
  await t.stop();
});

test('[A7] a stop flushes, commits and leaves; a second is the same', async () => {
  const t = await testDriver(document);
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.settle();
  await Promise.all([t.runtime.stop(), t.runtime.stop()]);
  const group = t.broker.group('counting');
  expect([...group.committed.values()].sort()).toEqual([0n, 1n]);
  expect([group.members(), t.status().state.kind]).toEqual([[], 'stopped']);
  expect(t.topic('out').read().length).toBe(1);
});

test('[A8] an unreachable broker is said in words and retried with back-off until it answers', async () => {
  const clock = new ManualClock();
  const broker = new MemoryBroker({ clock });
  const topology = compileTopology(compileDataflow(document));
  for (const topic of topology.dataflow.topics) broker.create(topic);
  broker.faults.unreachable = true;
  const runtime = new AppRuntime({ topology, transport: broker.transport(), clock, workerId: 'w' });
  const states: string[] = [];
  runtime.onState((state) =>
    states.push(state.kind === 'retrying' ? `retrying in ${state.nextTryMs - clock.now()}` : state.kind),
  );
  const started = runtime.start();
  const settle = () => settled(broker, () => runtime.quiet);
  await clock.advance(3_400, settle);
  expect(runtime.state).toMatchObject({ reason: 'memory: connection refused' });
  broker.faults.unreachable = false;
  await clock.advance(4_000, settle);
  await started;
  expect(states.filter((state, i) => state !== states[i - 1])).toEqual([
    'joining',
    'retrying in 500',
    'joining',
    'retrying in 1000',
    'joining',
    'retrying in 2000',
    'joining',
    'restoring',
    'running',
  ]);
  await runtime.stop();
});

test('[A8] a connection lost in mid-stream is retried without losing the tasks', async () => {
  const restored: string[] = [];
  const t = await testDriver(document, { sensor: { restored: (task) => restored.push(task) } });
  t.broker.faults.unreachable = true;
  t.broker.wake();
  await t.settle();
  expect(t.status().state).toMatchObject({ kind: 'retrying', reason: 'memory: connection refused' });
  t.broker.faults.unreachable = false;
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.settle();
  expect([t.status().state.kind, counts(t), restored.length]).toEqual(['running', [['a', 1]], 2]);
  await t.stop();
});
