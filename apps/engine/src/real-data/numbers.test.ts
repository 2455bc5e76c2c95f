import { liveSocket, protocolVersion } from '@millrace/protocol';
import { parseJson, writeJson } from '@millrace/spec';
import { isTimeMark } from '@millrace/streams';
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EngineProcess, House } from '../testing/house.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let house: House;
let engine: EngineProcess;

const document = `app: exact
models:
  Sale:
    id: long
    amount: decimal
    at: { type: { shop: string, till: int }, optional: true }
topics:
  sales: { partitions: 2, key: long, value: Sale }
  enriched: { partitions: 2, key: long, value: { id: long, amount: decimal, double: decimal } }
  counters: { partitions: 2, codec: { key: int64, value: json }, value: { n: int } }
  names: { partitions: 1, key: string, value: { n: int } }
tables:
  by-id: { key: long, value: { sum: sum(value.amount), n: count(), newest: max(value.id) } }
  by-place: { key: { shop: string, till: int }, value: { n: count() } }
  by-counter: { key: long, value: { n: sum(value.n) } }
  by-name: { key: string, value: { n: count() } }
agents:
  ids: { from: sales, steps: [ { group_by: value.id }, { aggregate: by-id } ] }
  places: { from: sales, steps: [ { filter: value.at != null }, { group_by: value.at }, { aggregate: by-place } ] }
  pass: { from: sales, steps: [ { set: { double: value.amount + value.amount } }, { send: enriched } ] }
  counters: { from: counters, steps: [ { aggregate: by-counter } ] }
  names: { from: names, steps: [ { aggregate: by-name } ] }
settings: { commit: 100ms }
`;

beforeAll(async () => {
  house = await House.build();
  engine = await house.engine(2);
  await house.deploy('exact', document);
  await running();
});
afterAll(async () => {
  await house?.tearDown();
});

const running = () =>
  engine.eventually(
    async () => (await engine.read()).apps.find(({ app }) => app === 'exact'),
    (app) => app?.status === 'running',
  );
/** An answer's text: what JSON.parse makes of it would have fewer digits. */
const text = async (path: string): Promise<string> => (await fetch(`${engine.url}/api/v1${path}`)).text();
const send = async (topic: string, body: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${engine.url}/api/v1/topics/${topic}/records`, { method: 'POST', body });
  return { status: response.status, text: await response.text() };
};
const rowsOf = async (path: string): Promise<string[]> => {
  const { rows } = parseJson(await text(path)) as { rows: { key: unknown; value: unknown }[] }; // a table's reply
  return rows.map(({ key, value }) => `${writeJson(key)} ${writeJson(value)}`);
};
/** What stands in a topic, a record each, with its partition; marks of time are left out. */
async function recordsIn(topic: string): Promise<{ partition: number; key: Buffer | null; value: string }[]> {
  const transport = kafkaJsTransport({ brokers: [house.kafka] });
  const found: { partition: number; key: Buffer | null; value: string }[] = [];
  for (const { partition } of await transport.admin().offsets(topic))
    for await (const { records } of transport.reader().read([{ topic, partition, from: 0n }]))
      for (const record of records)
        if (!isTimeMark(record)) found.push({ partition, key: record.key, value: String(record.value) });
  await transport.close();
  return found;
}
async function produce(topic: string, records: readonly { key: Buffer; value: string }[]): Promise<void> {
  const transport = kafkaJsTransport({ brokers: [house.kafka] });
  const producer = transport.producer();
  producer.send(records.map(({ key, value }) => ({ topic, key, value: Buffer.from(value), timestampMs: Date.now() })));
  await producer.flush();
  await transport.close();
}

const byId = '/tables/exact/by-id?sort=key&order=asc';
const expected = [
  '1 {"sum":1.1,"n":1,"newest":1}',
  '9007199254740992 {"sum":0.3,"n":2,"newest":9007199254740992}',
  '9007199254740993 {"sum":12345678901234567890.12,"n":1,"newest":9007199254740993}',
];

test('neighbouring ids beyond 2⁵³ are sent, counted, found, sorted and shown digit by digit', async () => {
  const sent = await send(
    'sales',
    '{"records":[{"key":9007199254740992,"value":{"id":9007199254740992,"amount":0.10}},{"key":"9007199254740993","value":{"id":9007199254740993,"amount":12345678901234567890.12}},' +
      '{"key":"9007199254740992","value":{"id":9007199254740992,"amount":"0.20"}},{"key":1,"value":{"id":1,"amount":"1.10"}}]}',
  );
  expect(sent).toEqual({ status: 200, text: '{"sent":4,"warnings":[]}' });
  expect((await recordsIn('sales')).map(({ key, value }) => `${key} ${value}`).sort()).toEqual([
    '1 {"id":1,"amount":"1.10"}',
    '9007199254740992 {"id":9007199254740992,"amount":"0.20"}',
    '9007199254740992 {"id":9007199254740992,"amount":0.10}',
    '9007199254740993 {"id":9007199254740993,"amount":12345678901234567890.12}',
  ]);
  expect(
    await engine.eventually(
      () => rowsOf(byId),
      (rows) => rows.length === 3 && rows[1]?.includes('"n":2') === true,
    ),
  ).toEqual(expected);
  expect(await rowsOf('/tables/exact/by-id?key=9007199254740993')).toEqual([expected[2]]);
  expect(await rowsOf('/tables/exact/by-id?where=value.newest%20%3D%3D%209007199254740992')).toEqual([expected[1]]);
  expect((await rowsOf('/tables/exact/by-id?sort=sum&order=desc'))[0]).toBe(expected[2]);
  expect(await text('/tables/exact/by-id/records?key=9007199254740993')).toContain('"id":9007199254740993');
  expect(await text('/topics/sales/records?app=exact')).toContain('"amount":"0.20"');
  expect(
    await text(`/topics/sales/records?app=exact&where=${encodeURIComponent('value.id == 9007199254740993')}`),
  ).not.toContain('9007199254740992');
});

test('what a step does not touch passes on as it came, and what it calculates is exact', async () => {
  const passed = await engine.eventually(
    () => recordsIn('enriched'),
    (records) => records.length === 4,
  );
  expect(passed.map(({ key, value }) => `${key} ${value}`).sort()).toEqual([
    '1 {"id":1,"amount":"1.10","at":null,"double":2.2}',
    '9007199254740992 {"id":9007199254740992,"amount":"0.20","at":null,"double":0.4}',
    '9007199254740992 {"id":9007199254740992,"amount":0.10,"at":null,"double":0.2}',
    '9007199254740993 {"id":9007199254740993,"amount":12345678901234567890.12,"at":null,"double":24691357802469135780.24}',
  ]);
});

test('the live view carries every digit', async () => {
  const live = io(engine.url, { ...liveSocket, auth: { protocol: protocolVersion } });
  const frames: string[] = [];
  live.on('frame', (frame: string, acknowledge: () => void) => {
    frames.push(frame);
    acknowledge();
  });
  const request = { channel: 'table', app: 'exact', table: 'by-id', windows: 'all', limit: 10 };
  expect(await live.emitWithAck('subscribe', { id: 't', request })).toEqual({ ok: true });
  await engine.eventually(
    async () => frames.join('\n'),
    (all) => all.includes('"key":9007199254740993') && all.includes('"sum":12345678901234567890.12'),
  );
  live.close();
});

test.each([
  ['{"id":9223372036854775808,"amount":1}', 'id is not a whole number of 64 bits: 9223372036854775808'],
  ['{"id":1.5,"amount":1}', 'id is not a whole number of 64 bits: 1.5'],
  ['{"id":1,"amount":1e400}', 'amount has more than 100 digits on a side of its point: 1e400'],
  ['{"id":1,"amount":"abc"}', 'amount is not a decimal: \\"abc\\"'],
])('%s is refused with the reason', async (value, reason) => {
  const sent = await send('sales', `{"records":[{"key":1,"value":${value}}]}`);
  expect(sent.status).toBe(400);
  expect(sent.text).toContain(reason);
});

test('a key that is no number is refused with the reason', async () => {
  const sent = await send('sales', '{"records":[{"key":"x","value":{"id":1,"amount":1}}]}');
  expect(sent).toMatchObject({
    status: 400,
    text: expect.stringContaining('the key is not a whole number of 64 bits'),
  });
  expect(await text('/tables/exact/by-id?key=x')).toContain('x is no key of by-id');
});

test('a composed key is one row in one partition, whatever the order of its fields', async () => {
  const orders = ['{"shop":"a","till":1}', '{"till":1,"shop":"a"}', '{ "till" : 1.0, "shop" : "a" }'];
  const values = orders.map((at, index) => `{"key":${index},"value":{"id":${index},"amount":1,"at":${at}}}`);
  expect(await send('sales', `{"records":[${values.join(',')}]}`)).toMatchObject({ status: 200 });
  expect(
    await engine.eventually(
      () => rowsOf('/tables/exact/by-place'),
      (rows) => rows.length > 0 && rows[0]?.endsWith('{"n":3}') === true,
    ),
  ).toHaveLength(1);
  expect(await rowsOf(`/tables/exact/by-place?key=${encodeURIComponent(orders[1] ?? '')}`)).toHaveLength(1);
  const written = await recordsIn('exact-places-group_by-repartition');
  expect(new Set(written.map(({ partition, key }) => `${partition} ${key}`)).size).toBe(1);
});

test("keys of Java's Long serializer are read, shown and written", async () => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(9007199254740993n);
  await produce('counters', [{ key: bytes, value: '{"n":1}' }]);
  expect(await send('counters', '{"records":[{"key":"9007199254740993","value":{"n":2}}]}')).toMatchObject({
    status: 200,
  });
  expect(
    await engine.eventually(
      () => rowsOf('/tables/exact/by-counter'),
      (rows) => rows.join().includes('"n":3'),
    ),
  ).toEqual(['9007199254740993 {"n":3}']);
  expect((await recordsIn('counters')).map(({ key }) => key?.toString('hex'))).toEqual([
    '0020000000000001',
    '0020000000000001',
  ]);
  expect(await text('/topics/counters/records?app=exact')).toContain('"keyText":"9007199254740993"');
});

test('128 keys that are not UTF-8 are 128 dead letters, and no row', async () => {
  const good = { key: Buffer.from('good'), value: '{"n":1}' };
  const bad = Array.from({ length: 128 }, (_, at) => ({ key: Buffer.from([at, 0x80 + at]), value: '{"n":1}' }));
  await produce('names', [...bad, good]);
  expect(
    await engine.eventually(
      () => rowsOf('/tables/exact/by-name'),
      (rows) => rows.length > 0,
    ),
  ).toEqual(['"good" {"n":1}']);
  const letters = await engine.eventually(
    () => recordsIn('exact-dead-letters'),
    (found) => found.length >= 128,
  );
  expect(letters).toHaveLength(128);
  expect(letters.map(({ key }) => key)).toEqual(bad.map(({ key }) => key));
  expect(await text('/topics/exact-dead-letters/records?limit=1')).toContain('byte 1 is 0xff');
});

test('all of it is there again after a restart', async () => {
  const before = await rowsOf(byId);
  await engine.stop();
  engine = await house.engine(1);
  await running();
  expect(
    await engine.eventually(
      () => rowsOf(byId),
      (rows) => rows.length === before.length,
    ),
  ).toEqual(before);
  await send('sales', '{"records":[{"key":9007199254740992,"value":{"id":9007199254740992,"amount":0.40}}]}');
  await engine.eventually(
    () => rowsOf('/tables/exact/by-id?key=9007199254740992'),
    (rows) => rows[0] === '9007199254740992 {"sum":0.7,"n":3,"newest":9007199254740992}',
  );
});

test('[O11] the records behind a row are those of its very key: of neighbours beyond 2⁵³ one, of a composed key in any order of its fields all', async () => {
  const behind = async (table: string, key: string): Promise<string[]> => {
    const path = `/tables/exact/${table}/records?key=${encodeURIComponent(key)}`;
    const { records } = parseJson(await text(path)) as { records: { value: unknown }[] }; // the records' reply
    return records.map(({ value }) => writeJson(value)).sort();
  };
  await produce('sales', [
    { key: Buffer.from('1'), value: '{"id":9007199254740994,"amount":1,"at":{"shop":"Z","till":7}}' },
    { key: Buffer.from('2'), value: '{"id":9007199254740995,"amount":2,"at":{"till":7,"shop":"Z"}}' },
    { key: Buffer.from('3'), value: '{"id":9007199254740995,"amount":"no number"}' },
    { key: Buffer.from('4'), value: '{"id":9007199254740996,"amount":4,"at":{"shop":"Z","till":8}}' },
  ]);
  await engine.eventually(
    () => rowsOf(byId),
    (rows) => rows.some((row) => row.startsWith('9007199254740996 ')),
  );
  expect(await behind('by-id', '9007199254740994')).toHaveLength(1);
  expect(await behind('by-id', '9007199254740995')).toEqual([
    '{"id":9007199254740995,"amount":2,"at":{"till":7,"shop":"Z"}}',
  ]);
  expect(await behind('by-place', '{"till":7,"shop":"Z"}')).toHaveLength(2);
});
