import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EngineProcess, House } from '../testing/house.ts';

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

/** Every file of the broker with its size: the logs of all topics, and the journal of the groups' offsets. */
const written = (): string =>
  readdirSync(join(house.folder, 'broker'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${join(parentPath, name)}: ${statSync(join(parentPath, name)).size} bytes`)
    .sort()
    .join('\n');

/** Some thirty commit intervals of the app, and a dozen of its worker's statuses. */
const intervals = () => sleep(3_000);

test('[F7] an app that has nothing to do writes nothing to Kafka: no changelog, no mark, no output, no offset', async () => {
  await house.deploy(
    'resting',
    `app: resting
topics:
  resting-in: { partitions: 2, key: string, value: { user: string }, eventTime: record }
  resting-out: { partitions: 1, key: string, value: { user: string } }
tables:
  counts: { key: string, window: { tumbling: 1s, retention: 1s }, value: { count: count() } }
agents:
  pass: { from: resting-in, steps: [ { send: resting-out } ] }
  count: { from: resting-in, steps: [ { group_by: value.user }, { aggregate: counts } ] }
settings: { commit: 100ms, idle: 1s }
`,
  );
  await engine.eventually(
    async () => (await engine.read()).apps.find(({ app }) => app === 'resting')?.status,
    (status) => status === 'running',
  );
  await house.produce('resting-in', [
    { key: 'k', value: { user: 'u' }, timestampMs: Date.now(), partition: 0 },
    { key: 'k', value: { user: 7 }, timestampMs: Date.now(), partition: 1 },
  ]);
  await engine.eventually(
    () => house.deadLetters('resting'),
    ({ length }) => length === 1,
  );
  await engine.eventually(
    () => house.records('resting-counts-changelog'),
    ({ length }) => length > 0,
  );
  // The window closes and expires with the wall clock; then all is said.
  await engine.eventually(
    () => engine.rows('resting', 'counts'),
    ({ length }) => length === 0,
  );
  await engine.eventually(
    async () => {
      const before = written();
      await intervals();
      return before === written();
    },
    (same) => same,
  );

  const before = written();
  await intervals();
  expect(written()).toBe(before);
  expect(await house.records('resting-out')).toHaveLength(1);

  // Nothing has been told of it for a while: what was told last still holds.
  expect((await engine.read()).apps.find(({ app }) => app === 'resting')).toMatchObject({
    status: 'running',
    tasks: 4,
    lag: 0,
    deadLetters: 1,
  });
  await house.produce('resting-in', [{ key: 'k', value: { user: 'u' }, timestampMs: Date.now(), partition: 0 }]);
  await engine.eventually(
    () => house.records('resting-out'),
    ({ length }) => length === 2,
  );
});
