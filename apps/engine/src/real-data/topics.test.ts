import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { beginTransaction, deleteGroup } from '@millrace/transport-kafkajs/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EngineProcess, House } from '../testing/house.ts';

vi.setConfig({ testTimeout: 90_000 });

let house: House;
let engine: EngineProcess;

beforeAll(async () => {
  house = await House.build();
  engine = await house.engine(1, { KAFKA_METADATA_MAX_AGE_MS: '1000' });
});
afterAll(async () => {
  await house?.tearDown();
});

const counting = (app: string, { partitions = 2, steps = '' } = {}): string => `app: ${app}
topics:
  ${app}-in: { partitions: ${partitions}, key: string, value: { n: long }, eventTime: record }
tables:
  counts: { key: string, value: { count: count() } }
agents:
  count:
    from: ${app}-in
    steps:
${steps}      - aggregate: counts
settings: { commit: 100ms }
`;
const copying = (app: string): string => `app: ${app}
topics:
  ${app}-in: { partitions: 2, key: string, value: { n: long }, eventTime: record }
  ${app}-out: { partitions: 1, key: string, value: { n: long } }
agents:
  copy: { from: ${app}-in, steps: [ { map: { n: value.n } }, { send: ${app}-out } ] }
settings: { commit: 100ms, startFrom: latest }
`;

const keys = Array.from({ length: 24 }, (_, at) => `k${at}`);
const each = (times: number) =>
  keys.flatMap((key) => Array.from({ length: times }, (_, n) => ({ key, value: { n }, timestampMs: Date.now() })));
const all = (count: number) => Object.fromEntries(keys.map((key) => [key, count]));

const admin = async <T>(
  ask: (admin: ReturnType<ReturnType<typeof kafkaJsTransport>['admin']>) => Promise<T>,
): Promise<T> => {
  const transport = kafkaJsTransport({ brokers: [house.kafka] });
  try {
    return await ask(transport.admin());
  } finally {
    await transport.close();
  }
};
const statusOf = async (app: string) => (await engine.read()).apps.find((one) => one.app === app);
const running = async (app: string, version: number) => {
  await engine.eventually(
    () => statusOf(app),
    (status) => status?.version === version && status.status === 'running',
  );
};
const counts = async (app: string) =>
  (await engine.rows(app, 'counts')).map(({ key, value }) => [String(key), Number(value['count'])]);
const becomes = async (app: string, expected: Readonly<Record<string, number>>) => {
  const text = JSON.stringify(Object.entries(expected).sort());
  await engine.eventually(
    () => counts(app),
    (found) => JSON.stringify(found.sort()) === text,
  );
};
const events = async (app: string) =>
  (await house.database.audit.list({ app, limit: 20 })).map(({ message }) => message);
const end = async (topic: string) =>
  (await admin((kafka) => kafka.offsets(topic))).reduce((sum, { latest }) => sum + Number(latest), 0);

test('[P1] partitions that are added to a topic are read, where nothing is kept by them, and it is said', async () => {
  await house.deploy('copy', copying('copy'));
  await running('copy', 1);
  await house.produce('copy-in', each(1));
  await engine.eventually(
    () => end('copy-out'),
    (records) => records === keys.length,
  );
  await admin((kafka) => kafka.addPartitions('copy-in', 6));
  await house.produce('copy-in', each(2));
  await engine.eventually(
    () => end('copy-out'),
    (records) => records === 3 * keys.length,
  );
  await engine.eventually(
    () => events('copy'),
    (said) => said.some((message) => message.includes('copy-in has 6 partitions now')),
  );
});

test('[P2] [P4] where a table is kept by them the app stops in words, and each way out that it names works', async () => {
  for (const app of ['rebuild', 'front']) {
    await house.deploy(app, counting(app));
    await running(app, 1);
    await house.produce(`${app}-in`, each(2));
    await becomes(app, all(2));
    await admin((kafka) => kafka.addPartitions(`${app}-in`, 4));
    const failed = await engine.eventually(
      () => statusOf(app),
      (status) => status?.status === 'failed',
    );
    expect(JSON.stringify(failed)).toContain(`${app}-in has 4 partitions now, and counts is kept by 2`);
    await house.produce(`${app}-in`, each(3));
  }
  // Neither is obeyed: refused with the same two ways.
  await house.deploy('rebuild', counting('rebuild').replace('100ms', '200ms'));
  const refused = await engine.eventually(
    () => house.database.deployments.get('rebuild'),
    (found) => found?.version === 2 && found.outcome === 'failed',
  );
  expect(refused?.reason).toContain(
    'Keep the state: Puts group_by: { key: key, partitions: 2 } in front of the aggregate: counts is kept, in its 2 partitions.',
  );
  await house.deploy('rebuild', counting('rebuild', { steps: '      - group_by: { key: key, partitions: 4 }\n' }));
  await running('rebuild', 3);
  await becomes('rebuild', all(5));
  await house.deploy('front', counting('front', { steps: '      - group_by: { key: key, partitions: 2 }\n' }));
  await running('front', 2);
  await becomes('front', all(5));
  for (const app of ['rebuild', 'front']) {
    await house.produce(`${app}-in`, each(1));
    await becomes(app, all(6));
  }
});

test('[P3] a topic that is deleted and made anew is read from its first record, and it is said', async () => {
  for (const [app, steps] of [
    ['anew', ''],
    ['anew-behind', '      - group_by: key + ""\n'],
  ] as const) {
    await house.deploy(app, counting(app, { steps }));
    await running(app, 1);
    await house.produce(`${app}-in`, each(10));
    await becomes(app, all(10));
    await admin(async (kafka) => {
      await kafka.deleteTopics([`${app}-in`]);
      await kafka.createTopics([{ name: `${app}-in`, partitions: 2, replication: 1 }]);
    });
    await house.produce(`${app}-in`, each(20));
    await becomes(app, all(30));
    await engine.eventually(
      () => events(app),
      (said) => said.some((message) => message.startsWith(`${app}-in was deleted and made anew`)),
    );
  }
});

test('[P6] what waits behind a transaction that stays open is said, where lag is 0 all the same', async () => {
  await house.deploy('waiting', counting('waiting'));
  await running('waiting', 1);
  const transaction = await beginTransaction([house.kafka], 'waiting-in');
  await transaction.send(['{"n":1}', '{"n":2}']);
  await engine.eventually(
    () => events('waiting'),
    (said) => said.some((message) => message.startsWith('waiting-in/0: 2 offsets, 0 to 1, wait behind a transaction')),
  );
  expect(await statusOf('waiting')).toMatchObject({ status: 'running', lag: 0 });
  expect(await counts('waiting')).toEqual([]);
  await transaction.commit();
  await engine.eventually(
    () => counts('waiting'),
    (found) => JSON.stringify(found) === '[["k",2]]',
  );
});

test('[C10] a changelog that is deleted while nothing runs is missed: the app stops in words, and under another name its table begins empty', async () => {
  await house.deploy('missed', counting('missed'));
  await running('missed', 1);
  await house.produce('missed-in', each(3));
  await becomes('missed', all(3));
  await engine.stop();
  await admin((kafka) => kafka.deleteTopics(['missed-counts-changelog']));
  engine = await house.engine(1, { KAFKA_METADATA_MAX_AGE_MS: '1000' });
  const failed = await engine.eventually(
    () => statusOf('missed'),
    (status) => status?.status === 'failed',
  );
  expect(failed?.reason).toMatch(/missed-counts-changelog\/\d, where counts is kept, has nothing of it any more/);
  await house.deploy(
    'missed',
    counting('missed').replace('  counts: {', '  counted: {').replace('aggregate: counts', 'aggregate: counted'),
  );
  await running('missed', 2);
  await house.produce('missed-in', each(1));
  await engine.eventually(
    () => engine.rows('missed', 'counted'),
    (rows) => rows.length === keys.length && rows.every(({ value }) => value['count'] === 1),
  );
});

test.each([
  ['straight from its topic', 'lost', ''],
  ['behind a group_by', 'lost-behind', '      - group_by: key + ""\n'],
])("[R8] a group's offsets that are deleted are not counted again: a table %s", async (_, app, steps) => {
  await house.deploy(app, counting(app, { steps }));
  await running(app, 1);
  await house.produce(`${app}-in`, each(2));
  await becomes(app, all(2));
  await engine.stop();
  await deleteGroup([house.kafka], app);
  await house.produce(`${app}-in`, each(1));
  engine = await house.engine(1, { KAFKA_METADATA_MAX_AGE_MS: '1000' });
  await running(app, 1);
  await becomes(app, all(3));
});

test('[P3] a topic that is made anew is read anew by each of the apps that read it', async () => {
  const texts = ['both-one', 'both-two'].map((app) => [app, counting(app).replaceAll(`${app}-in`, 'both-in')] as const);
  for (const [app, text] of texts) {
    await house.deploy(app, text);
    await running(app, 1);
  }
  await house.produce('both-in', each(4));
  for (const [app] of texts) await becomes(app, all(4));
  await admin(async (kafka) => {
    await kafka.deleteTopics(['both-in']);
    await kafka.createTopics([{ name: 'both-in', partitions: 2, replication: 1 }]);
  });
  await house.produce('both-in', each(7));
  for (const [app] of texts) await becomes(app, all(11));
});
