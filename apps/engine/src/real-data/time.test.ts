import { recordsReply, sendReply } from '@millrace/protocol';
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
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

const minuteMs = 60_000;
const statusOf = async (app: string) => (await engine.read()).apps.find((each) => each.app === app);
const runs = (app: string) =>
  engine.eventually(
    () => statusOf(app),
    (each) => each?.status === 'running',
  );
const recordsOf = async (topic: string) =>
  recordsReply.parse(await engine.get(`/topics/${topic}/records?from=beginning&limit=200`)).records;
const countOf = async (app: string) =>
  (await engine.rows(app, 'counts')).reduce((sum, { value }) => sum + Number(value['n']), 0);
const post = (topic: string, body: unknown) =>
  fetch(`${engine.url}/api/v1/topics/${topic}/records`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const counting = (app: string, type: string, more = '') => `
app: ${app}
topics: { ${app}-in: { partitions: 1, key: string, value: { ts: ${type}, ok: boolean }, eventTime: value.ts } }
tables: { counts: { key: string, window: { hopping: 1m, every: 10s, grace: 10s }, value: { n: count() } } }
agents: { count: { from: ${app}-in, steps: [ ${more}{ aggregate: counts } ] } }
settings: { commit: 100ms }
`;
const event = (ts: unknown, ok = true) => ({ key: 'k', value: { ts, ok }, timestampMs: Date.now() });

test('times that cannot be, and times ahead, are dead letters that say why; the app and its worker go on', async () => {
  await house.deploy('odd', counting('odd', 'timestamp', '{ filter: value.ok }, '));
  await runs('odd');
  const nowMs = Date.now();
  await house.produce('odd-in', [
    event(nowMs),
    event(1e19),
    event(1.79e18),
    event(nowMs * 1_000),
    event('2999-01-01T00:00:00Z', false),
    event(nowMs),
  ]);
  await engine.eventually(
    () => countOf('odd'),
    (count) => count === 12,
  );
  const letters = await engine.eventually(
    () => recordsOf('odd-dead-letters'),
    ({ length }) => length === 4,
  );
  const reasons = letters.map(({ headers }) => JSON.stringify(headers));
  expect(reasons[0]).toContain('ts is a time that cannot be: 10000000000000000000 ms');
  expect(reasons[1]).toContain('as nanoseconds it is 2026-');
  expect(reasons[2]).toContain('say timestamp(us)');
  expect(reasons[3]).toContain('972 years ahead of the clock: 2999-01-01T00:00:00.000Z');
  // What the tail shows of them is the same reason, and nothing that is no time.
  const shown = await recordsOf('odd-in');
  expect(shown[1]).toMatchObject({ eventTimeMs: null, reason: expect.stringContaining('cannot be') });
  expect((await statusOf('odd'))?.status).toBe('running');
});

test('a request with a time that cannot be is a 400 with its path, and the engine goes on', async () => {
  for (const timestampMs of [1.5, 1e19, -1]) {
    const response = await post('odd-in', { records: [{ value: { ts: Date.now(), ok: true }, timestampMs }] });
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain('records.0.timestampMs');
  }
  const ahead = await post('odd-in', { records: [{ value: { ts: '2999-01-01T00:00:00Z', ok: true } }] });
  expect([ahead.status, JSON.stringify(await ahead.json())]).toEqual([
    400,
    expect.stringContaining('ahead of the clock'),
  ]);
  for (const query of ['from=time&timeMs=1e19', 'from=time&timeMs=NaN'])
    expect((await fetch(`${engine.url}/api/v1/topics/odd-in/records?${query}`)).status).toBe(400);
  expect((await fetch(`${engine.url}/api/v1/tables/odd/counts?windows=99999999999999999999`)).status).toBe(400);
  expect((await engine.read()).apps.length).toBeGreaterThan(0);
});

test('a record fifty minutes ahead is counted and makes nothing late, also after a restart', async () => {
  await house.deploy('ahead', counting('ahead', 'timestamp'));
  await runs('ahead');
  const late = async () => (await recordsOf('ahead-counts-late')).length;
  await house.produce('ahead-in', [event(Date.now()), event(Date.now() + 50 * minuteMs), event(Date.now())]);
  await engine.eventually(
    () => countOf('ahead'),
    (count) => count === 18,
  );
  await engine.kill();
  engine = await house.engine();
  await runs('ahead');
  await house.produce('ahead-in', [event(Date.now())]);
  await engine.eventually(
    () => countOf('ahead'),
    (count) => count === 24,
  );
  expect(await late()).toBe(0);
});

test('events of 2024 in microseconds are counted behind a group_by, in the windows of their time', async () => {
  await house.deploy(
    'old',
    counting('old', 'timestamp(us)', '{ group_by: string(value.ok) }, ').replace(
      'hopping: 1m, every: 10s',
      'tumbling: 1m',
    ),
  );
  await runs('old');
  const thenMs = Date.UTC(2024, 0, 1);
  await house.produce(
    'old-in',
    Array.from({ length: 100 }, (_, at) => event(thenMs * 1_000 + at)),
  );
  const rows = await engine.eventually(
    () => engine.rows('old', 'counts'),
    ({ length }) => length > 0,
  );
  await engine.eventually(
    () => countOf('old'),
    (count) => count === 100,
  );
  expect(rows).toMatchObject([{ windowStartMs: thenMs }]);
  const transport = kafkaJsTransport({ brokers: [house.kafka] });
  const configs = await transport.admin().topicConfigs('old-count-group_by-repartition');
  await transport.close();
  expect(configs).toMatchObject({
    'retention.ms': '-1',
    'message.timestamp.type': 'CreateTime',
    'message.timestamp.after.max.ms': '9223372036854775807',
  });
});

test('what is sent by hand and older than the topic keeps is said', async () => {
  const response = await post('odd-in', {
    records: [{ value: { ts: Date.now(), ok: true }, timestampMs: Date.UTC(2024, 0, 1) }],
  });
  expect(sendReply.parse(await response.json())).toEqual({
    sent: 1,
    warnings: [expect.stringContaining('older than odd-in keeps (7 d)')],
  });
});

test('what a step does not touch is in Kafka as it came: ISO text with its zone, finer digits, decimals, what no model names', async () => {
  await house.deploy(
    'untouched',
    `app: untouched
models: { M: { at: timestamp, us: timestamp(us), amount: decimal, user: string } }
topics:
  untouched-in: { partitions: 1, key: string, value: M, eventTime: value.at }
  untouched-out: { partitions: 1, key: string, value: M }
  untouched-moved: { partitions: 1, key: string, value: { at: timestamp, seen: boolean } }
  untouched-bare: { partitions: 1, key: string, value: { at: timestamp, amount: decimal } }
agents:
  pass: { from: untouched-in, steps: [ { filter: "value.user != 'nobody'" }, { send: untouched-out }, { keep: [at, amount] }, { send: untouched-bare } ] }
  move: { from: untouched-in, steps: [ { set: { seen: "true" } }, { group_by: value.user }, { keep: [at, seen] }, { send: untouched-moved } ] }
settings: { commit: 100ms }
`,
  );
  await runs('untouched');
  const at = `${new Date(Date.now() + 2 * 60 * minuteMs).toISOString().slice(0, 23)}456+02:00`;
  const text = `{"at":"${at}","us":1790000000123456,"amount":"0.10","user":"u","more":{"id":9007199254740993}}`;
  await house.write([
    { topic: 'untouched-in', key: Buffer.from('k'), value: Buffer.from(text), timestampMs: Date.now() },
  ]);
  const [bare] = await engine.eventually(
    () => house.records('untouched-bare'),
    ({ length }) => length === 1,
  );
  expect(String(bare?.value)).toBe(`{"at":"${at}","amount":"0.10"}`);
  await engine.eventually(
    async () => (await house.records('untouched-moved')).map(({ value }) => String(value)),
    ([moved]) => moved === `{"at":"${at}","seen":true}`,
  );
  const between = (await recordsOf('untouched-move-group_by-repartition')).find(({ value }) => value !== null);
  expect(Object.keys(between?.value as object)).toEqual(['at', 'us', 'amount', 'user', 'more', 'seen']); // an object, as just written
  expect((await house.records('untouched-out')).map(({ value }) => String(value))).toEqual([text]);
});
