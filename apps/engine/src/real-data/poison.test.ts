import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EngineProcess, House } from '../testing/house.ts';

vi.setConfig({ testTimeout: 240_000 });

const poison = pathToFileURL(join(import.meta.dirname, '..', 'testing', 'poison.mjs')).href;

let house: House;
let engine: EngineProcess;

beforeAll(async () => {
  house = await House.build();
  engine = await house.engine(1, {
    MILLRACE_WATCHDOG_SECONDS: '3',
    NODE_OPTIONS: `--max-old-space-size=160 --import ${poison}`,
  });
});
afterAll(async () => {
  await house?.tearDown();
});

const document = (app: string, onError = 'dead-letter'): string => `app: ${app}
topics:
  ${app}-words: { partitions: 1, key: string, value: { word: string }, eventTime: record }
tables:
  seen: { key: string, value: { count: count() } }
agents:
  count:
    from: ${app}-words
    onError: ${onError}
    steps:
      - filter: "lower(value.word) != 'nothing'"
      - aggregate: seen
settings: { commit: 100ms }
`;

const words = (list: readonly string[]) => list.map((word) => ({ key: 'k', value: { word }, timestampMs: Date.now() }));
const many = (count: number) => Array.from({ length: count }, (_, at) => `w${at}`);
const statusOf = async (app: string) => (await engine.read()).apps.find((each) => each.app === app);
const counted = async (app: string) => Number((await engine.rows(app, 'seen'))[0]?.value['count'] ?? 0);
const poisoned = { eat: 'EAT', abort: 'ABORT', hang: 'HANG', kill: 'KILL' };
/** A dead member of a group holds its partitions until its session is over: each death of a worker costs so long. */
const patientMs = 100_000;

test('records that end their workers, in apps that share one: each is found and set aside, and every other record is counted once', async () => {
  const apps = ['innocent', 'strict', ...Object.keys(poisoned)];
  for (const app of apps) await house.deploy(app, document(app, app === 'strict' ? 'stop' : 'dead-letter'));
  for (const app of apps) {
    await engine.eventually(
      () => statusOf(app),
      (entity) => entity?.status === 'running',
    );
  }
  await house.produce('innocent-words', words(many(100)));
  await house.produce('strict-words', words(['a', 'ABORT', 'b']));
  for (const [app, word] of Object.entries(poisoned))
    await house.produce(`${app}-words`, words([...many(50), word, ...many(50)]));

  const apart = await engine.eventually(
    () => statusOf('eat'),
    (entity) => entity?.quarantine != null,
    patientMs,
  );
  expect(apart?.quarantine).toMatch(/^worker test-\S+ ran out of memory.*eat-words\/0 offset/);
  expect((await engine.read()).engine.workers.map(({ id }) => id)).toContain('test-eat');

  for (const app of ['innocent', ...Object.keys(poisoned)]) {
    await engine.eventually(
      () => counted(app),
      (count) => count === 100,
      patientMs,
    );
  }
  const failed = await engine.eventually(
    () => statusOf('strict'),
    (entity) => entity?.status === 'failed',
    patientMs,
  );
  expect(failed?.reason).toMatch(/^strict-words\/0 offset 1: set aside, .*ran out of memory.*agent count, step /);

  await house.produce('innocent-words', words(many(10)));
  await engine.eventually(
    () => counted('innocent'),
    (count) => count === 110,
    patientMs,
  );
  expect(await house.deadLetters('innocent')).toEqual([]);
});

test.each([
  ['eat', /its worker ran out of memory: V8's heap limit is \d+ MB/],
  ['abort', /its worker ran out of memory/],
  ['hang', /its worker had said nothing for 3 s, computing all the while, and was killed/],
  ['kill', /its worker was ended by SIGKILL/],
])('the dead letter of a record that ended its worker (%s) says where, at which step and how', async (app, reason) => {
  expect(await house.deadLetters(app)).toEqual([
    expect.objectContaining({
      'millrace.origin.topic': `${app}-words`,
      'millrace.origin.offset': '50',
      'millrace.agent': 'count',
      'millrace.step': expect.any(String),
      'millrace.error': expect.stringMatching(reason),
    }),
  ]);
});
