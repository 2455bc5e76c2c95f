import { recordsReply } from '@millrace/protocol';
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EngineProcess, House } from '../testing/house.ts';

vi.setConfig({ testTimeout: 60_000 });

let house: House;
let engine: EngineProcess;

beforeAll(async () => {
  house = await House.build();
  engine = await house.engine();
});
afterAll(async () => {
  await house?.tearDown();
});

async function topicOf(name: string, partitions: number): Promise<void> {
  const transport = kafkaJsTransport({ brokers: [house.kafka] });
  await transport.admin().createTopics([{ name, partitions, replication: 1, configs: {} }]);
  await transport.close();
}

const nowMs = Date.now();

test('a page of 50 records of 800 kB is small, and the whole of them comes in pieces', async () => {
  await topicOf('large', 1);
  const value = { text: 'x'.repeat(800_000), last: 1 };
  await house.produce(
    'large',
    Array.from({ length: 50 }, (_, at) => ({ key: `k${at}`, value, timestampMs: nowMs + at })),
  );
  const listed = await (await fetch(`${engine.url}/api/v1/topics/large/records?limit=50`)).text();
  expect(listed.length).toBeLessThan(300_000);
  const page = recordsReply.parse(JSON.parse(listed));
  expect(page.records).toHaveLength(50);
  expect(page.records[0]).toMatchObject({ cut: true, sizeBytes: expect.closeTo(800_000, -3) });
  const whole = recordsReply.parse(await engine.get('/topics/large/records?from=beginning&limit=50&whole=true'));
  expect(whole.records.length).toBeLessThan(20);
  expect(whole.records[0]?.value).toEqual(value);
  expect(whole.done).toBe(false);
});

test('a search says how far it came, goes on from there, and is in nobody’s way', async () => {
  await topicOf('many', 1);
  const records = (from: number) =>
    Array.from({ length: 20_000 }, (_, at) => ({
      key: `k${at % 50}`,
      value: { n: from + at, text: 'a'.repeat(60) },
      timestampMs: nowMs + from + at,
    }));
  for (let from = 0; from < 60_000; from += 20_000) await house.produce('many', records(from));
  const where = new URLSearchParams({ where: 'value.n == 7', limit: '10' });
  let answeredMeanwhile = 0;
  let searching = true;
  const others = (async () => {
    for (; searching; answeredMeanwhile += 1) await engine.read();
  })();
  let page = recordsReply.parse(await engine.get(`/topics/many/records?${where}`));
  expect(page).toMatchObject({ records: [], done: false });
  expect(page.looked).toBeGreaterThan(1_000);
  for (let rounds = 0; page.records.length === 0 && !page.done && rounds < 60; rounds += 1) {
    where.set('at', page.before.map(({ partition, offset }) => `${partition}:${offset}`).join(','));
    page = recordsReply.parse(await engine.get(`/topics/many/records?${where}`));
  }
  searching = false;
  await others;
  expect(page.records).toMatchObject([{ value: { n: 7 } }]);
  expect(answeredMeanwhile).toBeGreaterThan(5);
});

test('an app that falls silent stays as it was last told: its tasks count for the engine and its worker', async () => {
  await house.deploy(
    'silent',
    `app: silent
topics: { silent-in: { partitions: 3, key: string, value: { user: string }, eventTime: record } }
tables: { counts: { key: string, value: { n: count() } } }
agents: { count: { from: silent-in, steps: [ { aggregate: counts } ] } }
`,
  );
  const seen = async () => {
    const { apps, engine: self } = await engine.read();
    const app = apps.find((one) => one.app === 'silent');
    return [app?.status, app?.tasks, self.tasks, self.workers.map(({ tasks }) => tasks)];
  };
  const all = ['running', 3, 3, [3]];
  await engine.eventually(seen, (now) => JSON.stringify(now) === JSON.stringify(all));
  // A worker has told of an app without news for the last time after some 6 s.
  const untilMs = performance.now() + 9_000;
  while (performance.now() < untilMs) {
    expect(await seen()).toEqual(all);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
});
