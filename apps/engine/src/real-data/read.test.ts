import { execFile, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { recordsReply } from '@millrace/protocol';
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { beginTransaction } from '@millrace/transport-kafkajs/testing';
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

const document = (app: string, topic = ''): string => `app: ${app}
topics:
  ${app}-in: { partitions: 1, key: string, value: string, codec: string${topic} }
tables:
  seen: { key: string, value: { count: count() } }
agents:
  count: { from: ${app}-in, steps: [ { aggregate: seen } ] }
settings: { commit: 100ms }
`;
const appOf = async (app: string) => (await engine.read()).apps.find((each) => each.app === app);
const running = async (app: string, text: string): Promise<void> => {
  await house.deploy(app, text);
  await engine.eventually(
    () => appOf(app),
    (found) => found?.status === 'running',
  );
};
const counts = async (app: string): Promise<Record<string, unknown>> =>
  Object.fromEntries((await engine.rows(app, 'seen', 'limit=100')).map(({ key, value }) => [key, value['count']]));
const page = async (topic: string) =>
  recordsReply.parse(await engine.get(`/topics/${topic}/records?from=beginning&limit=100`)).records;

test.skipIf(spawnSync('kcat', ['-V']).status !== 0).each(['gzip', 'snappy', 'lz4', 'zstd'])(
  '[K1] 50 records that kcat packed with %s are counted and shown',
  async (codec) => {
    const app = `codec-${codec}`;
    await running(app, document(app));
    const kcat = execFile('kcat', ['-P', '-b', house.kafka, '-t', `${app}-in`, '-K', ':', '-z', codec]);
    kcat.stdin?.end(Array.from({ length: 50 }, (_, at) => `k${at % 2}:value ${at} of many\n`).join(''));
    await engine.eventually(
      () => counts(app),
      (counted) => counted['k0'] === 25 && counted['k1'] === 25,
    );
    expect((await page(`${app}-in`)).map(({ value }) => value)).toContain('value 49 of many');
  },
);

/** Changes one byte of the newest place in a topic's log where this text is. */
function damage(topic: string, text: string): void {
  const folder = join(house.folder, 'broker');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.includes(topic) && name.endsWith('.log'))) {
    const bytes = readFileSync(join(folder, file));
    const at = bytes.lastIndexOf(text);
    if (at < 0) continue;
    const open = openSync(join(folder, file), 'r+');
    writeSync(open, Buffer.from('#'), 0, 1, at);
    closeSync(open);
    return;
  }
  throw new Error(`no log of ${topic} holds ${text}`);
}

test('[K2] a batch that is damaged on the disk is one dead letter that names its offsets, is shown with its reason, and what follows is counted', async () => {
  const transport = kafkaJsTransport({ brokers: [house.kafka] });
  await transport.admin().createTopics([{ name: 'damaged-in', partitions: 1, replication: 1, configs: {} }]);
  await transport.close();
  const mark = ['first', 'second', 'third'];
  for (const value of mark)
    await house.produce(
      'damaged-in',
      Array.from({ length: 5 }, () => ({ key: value, value, timestampMs: Date.now() })),
    );
  damage('damaged-in', 'second');
  await running('damaged', document('damaged'));
  await engine.eventually(
    () => counts('damaged'),
    (counted) => counted['first'] === 5 && counted['third'] === 5,
  );
  expect(await counts('damaged')).not.toHaveProperty('second');
  const reason = 'offsets 5 to 9 cannot be read: its checksum does not match';
  const shown = await page('damaged-in');
  expect(shown).toHaveLength(11);
  expect(shown.find(({ offset }) => offset === '5')).toMatchObject({ key: null, value: null, reason });
  const letters = await page('damaged-dead-letters');
  expect(letters).toHaveLength(1);
  expect(Object.fromEntries(letters[0]?.headers.map(({ name, text }) => [name, text]) ?? [])).toMatchObject({
    'millrace.error': reason,
    'millrace.origin.offset': '5',
    'millrace.origin.end': '10',
  });
  expect(await appOf('damaged')).toMatchObject({ status: 'running', deadLetters: 1, lag: 0 });
});

test('[K3] of 10 aborted and 5 committed records 5 are counted and shown; 15 where the topic is read uncommitted', async () => {
  await running('committed', document('committed'));
  await running('uncommitted', document('uncommitted', ', isolation: read_uncommitted'));
  for (const topic of ['committed-in', 'uncommitted-in']) {
    for (const [count, end] of [[10, 'abort'] as const, [5, 'commit'] as const]) {
      const transaction = await beginTransaction([house.kafka], topic);
      await transaction.send(Array.from({ length: count }, (_, at) => `${end} ${at}`));
      await transaction[end]();
    }
  }
  for (const [app, expected] of [['committed', 5] as const, ['uncommitted', 15] as const]) {
    await engine.eventually(
      () => counts(app),
      (counted) => counted['k'] === expected,
    );
    expect(await page(`${app}-in`)).toHaveLength(expected);
    expect(await engine.get(`/topics/${app}-in`)).toMatchObject({ counted: expected, records: 17 });
    await engine.eventually(
      () => appOf(app),
      (found) => found?.lag === 0,
    );
    expect(await appOf(app)).toMatchObject({ status: 'running', deadLetters: 0 });
  }
});
