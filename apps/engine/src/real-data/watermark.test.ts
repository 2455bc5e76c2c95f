import { partitionOfKey } from '@millrace/streams';
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EngineProcess, House } from '../testing/house.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let house: House;
let engine: EngineProcess;

beforeAll(async () => {
  house = await House.build();
  engine = await house.engine(2);
});
afterAll(async () => {
  await house?.tearDown();
});

const hourMs = 3_600_000;
const startMs = Math.floor(Date.now() / 60_000) * 60_000 - 2 * hourMs;
/** A key of each partition. */
const keys = [0, 1].map(
  (partition) => ['a', 'b', 'c', 'd', 'e'].find((key) => partitionOfKey(Buffer.from(key), 2) === partition) ?? '',
);

const document = (app: string): string => `app: ${app}
topics:
  ${app}-in: { partitions: 2, key: string, value: { user: string }, eventTime: record }
tables:
  counts: { key: string, window: { tumbling: 1m, grace: 30s, retention: 1d }, value: { count: count() } }
agents:
  count: { from: ${app}-in, steps: [ { group_by: value.user }, { aggregate: counts } ] }
`;

/** So many events of one partition, over the same hour. */
const eventsOf = (partition: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    key: keys[partition] ?? '',
    value: { user: `user-${i % 7}` },
    timestampMs: startMs + Math.floor((i * hourMs) / count),
  }));

const counted = async (app: string): Promise<number> =>
  (await engine.rows(app, 'counts', 'windows=all&limit=1000')).reduce(
    (sum, { value }) => sum + Number(value['count']),
    0,
  );

const lateIn = async (app: string): Promise<number> => {
  const transport = kafkaJsTransport({ brokers: [house.kafka] });
  try {
    const offsets = await transport.admin().offsets(`${app}-counts-late`);
    return offsets.reduce((sum, { latest }) => sum + Number(latest), 0);
  } finally {
    await transport.close();
  }
};

const running = (app: string) =>
  engine.eventually(
    async () => (await engine.read()).apps.find((each) => each.app === app)?.status,
    (status) => status === 'running',
  );

test('[B5] of 100 000 and 1 000 events of the same hour in two partitions, none is late behind a group_by', async () => {
  const transport = kafkaJsTransport({ brokers: [house.kafka] });
  await transport.admin().createTopics([{ name: 'backlog-in', partitions: 2, replication: 1, configs: {} }]);
  await transport.close();
  await house.produce('backlog-in', [...eventsOf(0, 100_000), ...eventsOf(1, 1_000)]);
  await house.deploy('backlog', document('backlog'));
  await engine.eventually(
    () => counted('backlog'),
    (count) => count === 101_000,
  );
  expect(await lateIn('backlog')).toBe(0);
});

test('[B5] nor are those that are written to one partition after the other, after a silence; what is older than the grace then is', async () => {
  await house.deploy('silence', document('silence'));
  await running('silence');
  await house.produce('silence-in', eventsOf(0, 20_000));
  await engine.eventually(
    () => counted('silence'),
    (count) => count === 20_000,
  );
  await house.produce('silence-in', eventsOf(1, 200));
  await engine.eventually(
    () => counted('silence'),
    (count) => count === 20_200,
  );
  expect(await lateIn('silence')).toBe(0);
  await house.produce('silence-in', eventsOf(0, 1));
  await engine.eventually(
    () => lateIn('silence'),
    (late) => late === 1,
  );
});
