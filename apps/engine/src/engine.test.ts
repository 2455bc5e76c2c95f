import { type Frame, liveSocket, protocolVersion } from '@millrace/protocol';
import { parseJson } from '@millrace/spec';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EngineProcess, House } from './testing/house.ts';

vi.setConfig({ testTimeout: 90_000 });

let house: House;
let engine: EngineProcess;

beforeAll(async () => {
  house = await House.build();
  engine = await house.engine();
});
afterAll(async () => {
  await house?.tearDown();
});

const document = (app: string, where = 'value.amount > 0', partitions = 2): string => `app: ${app}
models:
  Payment: { user: string, amount: double, ts: timestamp }
topics:
  ${app}-payments: { partitions: ${partitions}, key: string, value: Payment, eventTime: value.ts }
tables:
  totals:
    key: string
    window: { tumbling: 10s, grace: 1h }
    value: { sum: sum(value.amount), count: count() }
agents:
  add-up:
    from: ${app}-payments
    steps:
      - filter: ${where}
      - group_by: value.user
      - aggregate: totals
settings: { commit: 100ms }
`;

/** Recent: the broker deletes what is older than its retention. */
const startMs = Math.floor(Date.now() / 10_000) * 10_000 - 600_000;
const payments = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => {
    const value = { user: `user-${(from + at) % 5}`, amount: 1 + ((from + at) % 3), ts: startMs + (from + at) * 10 };
    return { key: value.user, value, timestampMs: value.ts };
  });

const counted = async (app: string): Promise<number> =>
  (await engine.rows(app, 'totals')).reduce((total, { value }) => total + Number(value['count']), 0);
const statusOf = async (app: string) => (await engine.read()).apps.find((each) => each.app === app);

test('a deployed app creates its topics, processes, and its table answers; an edited filter is swapped in with the state kept', async () => {
  await house.deploy('edit', document('edit'));
  await engine.eventually(
    () => statusOf('edit'),
    (app) => app?.status === 'running',
  );
  await house.produce('edit-payments', payments(600));
  await engine.eventually(
    () => counted('edit'),
    (count) => count === 600,
  );
  const rows = await engine.rows('edit', 'totals', 'windows=all&limit=1000&sort=sum');
  const user0 = payments(600).filter(({ value }) => value.user === 'user-0');
  const expected = user0.reduce((total, { value }) => total + value.amount, 0);
  expect(rows.filter(({ key }) => key === 'user-0').reduce((total, { value }) => total + Number(value['sum']), 0)).toBe(
    expected,
  );

  expect(await house.deploy('edit', document('edit', 'value.amount > 2'))).toBe(2);
  await engine.eventually(
    () => statusOf('edit'),
    (app) => app?.version === 2 && app.status === 'running',
  );
  await house.produce('edit-payments', payments(300, 600));
  const kept = payments(300, 600).filter(({ value }) => value.amount > 2).length;
  await engine.eventually(
    () => counted('edit'),
    (count) => count === 600 + kept,
  );
  const deployment = await engine.eventually(
    () => house.database.deployments.get('edit'),
    (found) => found?.outcome === 'settled',
  );
  expect(deployment).toMatchObject({ runningVersion: 2, reason: null });
});

test('a version that can’t start says why in the books, and the one before goes on', async () => {
  await house.deploy('rollback', document('rollback'));
  await engine.eventually(
    () => statusOf('rollback'),
    (app) => app?.status === 'running',
  );
  await house.deploy(
    'rollback',
    document('rollback').replace('tables:', '  rollback-more: { replication: 3 }\ntables:'),
  );
  const failed = await engine.eventually(
    () => house.database.deployments.get('rollback'),
    (found) => found?.outcome === 'failed',
  );
  expect(failed).toMatchObject({
    runningVersion: 1,
    reason: expect.stringContaining('topic rollback-more cannot be created'),
  });
  expect(await statusOf('rollback')).toMatchObject({ status: 'running', version: 1, failedVersion: { version: 2 } });
  await house.produce('rollback-payments', payments(50));
  await engine.eventually(
    () => counted('rollback'),
    (count) => count === 50,
  );
  const events = await house.database.audit.list({ app: 'rollback', limit: 10 });
  expect(events.map(({ kind }) => kind)).toContain('version-failed');
});

test('pause holds an app, resume goes on, stop ends it', async () => {
  await house.deploy('hold', document('hold'));
  await engine.eventually(
    () => statusOf('hold'),
    (app) => app?.status === 'running',
  );
  await house.database.deployments.desire('hold', 'paused', 'test');
  await engine.eventually(
    () => statusOf('hold'),
    (app) => app?.status === 'paused',
  );
  await house.produce('hold-payments', payments(20));
  await house.database.deployments.desire('hold', 'running', 'test');
  await engine.eventually(
    () => counted('hold'),
    (count) => count === 20,
  );
  await house.database.deployments.desire('hold', 'stopped', 'test');
  await engine.eventually(
    () => statusOf('hold'),
    (app) => app?.status === 'stopped',
  );
  expect(
    await engine.eventually(
      () => house.database.deployments.get('hold'),
      (found) => found?.outcome === 'settled',
    ),
  ).toMatchObject({ runningVersion: null });
});

test('a subscription to the graph gets a snapshot and then deltas that follow on; another protocol is refused in words', async () => {
  const live = io(engine.url, { ...liveSocket, auth: { protocol: protocolVersion } });
  const frames: Frame[] = [];
  live.on('frame', (text: string, acknowledge: () => void) => {
    frames.push(parseJson(text) as Frame); // the contract's
    acknowledge();
  });
  expect(await live.emitWithAck('subscribe', { id: 'g', request: { channel: 'graph', app: 'edit' } })).toEqual({
    ok: true,
  });
  await house.produce('edit-payments', payments(100, 900));
  await engine.eventually(
    async () => frames.flatMap(({ set }) => set).filter(({ id }) => id === 'step:add-up/filter'),
    (steps) => steps.some((step) => Number(step['inPerSecond']) > 0),
  );
  expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_, at) => at));
  expect(frames.map(({ kind }) => kind)).toEqual(frames.map((_, at) => (at === 0 ? 'snapshot' : 'delta')));
  expect(frames[0]?.set.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['app:edit', 'agent:add-up', 'partition:edit-payments/0', 'table:totals']),
  );
  live.close();

  const stranger = io(engine.url, { ...liveSocket, auth: { protocol: 0 }, reconnection: false });
  const refusal = await new Promise<Error>((resolve) => stranger.on('connect_error', resolve));
  expect(refusal.message).toMatch(/^protocol 0 is not spoken here/);
  stranger.close();
});

test('[at least once] a worker and then the engine are killed in mid-stream, and no event is missing', async () => {
  await house.deploy('crash', document('crash'));
  await engine.eventually(
    () => statusOf('crash'),
    (app) => app?.status === 'running',
  );
  await house.produce('crash-payments', payments(2_000));
  await engine.eventually(
    () => counted('crash'),
    (count) => count > 0,
  );
  const [worker] = (await engine.read()).engine.workers;
  process.kill(worker?.pid ?? 0, 'SIGKILL');
  await house.produce('crash-payments', payments(2_000, 2_000));
  await engine.eventually(
    () => counted('crash'),
    (count) => count >= 2_000,
  );
  await engine.kill();
  await house.produce('crash-payments', payments(1_000, 4_000));
  engine = await house.engine();
  await engine.eventually(
    () => counted('crash'),
    (count) => count >= 5_000,
  );
  expect((await statusOf('rollback'))?.version).toBe(1);
});
