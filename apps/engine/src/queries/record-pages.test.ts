import { nothingSensitive } from '@millrace/spec';
import type { Clock, PartitionReader, TransportAdmin } from '@millrace/streams';
import { MemoryBroker } from '@millrace/streams/testing';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { isUnreadable } from './batch-entries.ts';
import { cutRecord } from './cut-record.ts';
import { recordDecoder } from './record-decoder.ts';
import { type Match, newestPage, type Page, type Position, pageFrom } from './record-pages.ts';
import { Search } from './search.ts';

const topic = 'events';
let atMs: number;
const clock: Clock = { now: () => atMs, monotonic: () => atMs, after: () => ({ cancel: () => undefined }) };
let admin: TransportAdmin;
let reader: PartitionReader;
let send: (partition: number, timestampMs: number, value?: string) => Promise<void>;
const decode = recordDecoder(null, () => nothingSensitive);
const whole: Match = (batch, record) => decode(batch, record).record;
const inPart: Match = (batch, record) => cutRecord(decode(batch, record).record);

beforeEach(() => {
  atMs = 0;
  const transport = new MemoryBroker({ clock }).transport();
  admin = transport.admin();
  reader = transport.reader();
  const producer = transport.producer();
  send = async (partition, timestampMs, value = '{}') => {
    producer.send([{ topic, partition, key: null, value: Buffer.from(value), timestampMs }]);
    await producer.flush();
  };
});

const make = (partitions: number) => admin.createTopics([{ name: topic, partitions, replication: 1, configs: {} }]);

/** Each record costs the search so many ms. */
const slow =
  (ms: number, match: Match): Match =>
  (batch, record) => {
    atMs += ms;
    return match(batch, record);
  };
const newest = async (
  limit: number,
  match: Match,
  before?: readonly Position[],
  signal?: AbortSignal,
): Promise<Page> => {
  const offsets = (await admin.offsets(topic)).map((each) => {
    const at = before?.find(({ partition }) => partition === each.partition);
    return at === undefined ? each : { ...each, latest: BigInt(at.offset) };
  });
  return newestPage(reader, topic, offsets, limit, match, new Search(clock, signal));
};
const forward = async (limit: number, match: Match, next?: readonly Position[]): Promise<Page> => {
  const ranges = (await admin.offsets(topic)).map(({ partition, earliest, latest }) => ({
    topic,
    partition,
    from: BigInt(next?.find((each) => each.partition === partition)?.offset ?? earliest),
    to: latest,
  }));
  return pageFrom(reader, ranges, limit, match, new Search(clock));
};
const place = ({ partition, offset }: Position) => `${partition}/${offset}`;

test('a search that takes too long says how far it came, and goes on from there until all is looked at', async () => {
  await make(1);
  for (let at = 0; at < 300; at += 1) await send(0, at, at === 3 ? '{"wanted":1}' : '{}');
  const match = slow(20, (batch, entry) =>
    !isUnreadable(entry) && entry.value?.includes('wanted') ? whole(batch, entry) : null,
  );
  const first = await newest(10, match);
  expect(first).toMatchObject({ records: [], done: false });
  expect(first.looked).toBeLessThan(150);
  let page = first;
  for (let rounds = 0; !page.done && page.records.length === 0 && rounds < 20; rounds += 1)
    page = await newest(10, match, page.before);
  expect(page.records.map(({ offset }) => offset)).toEqual(['3']);

  let ahead = await forward(10, match);
  expect(ahead).toMatchObject({ done: false });
  for (let rounds = 0; !ahead.done && rounds < 20; rounds += 1) ahead = await forward(10, match, ahead.next);
  expect(ahead.done).toBe(true);
});

test('while a search is at work others have their turn, and it ends when its reader goes', async () => {
  await make(1);
  for (let at = 0; at < 100; at += 1) await send(0, at);
  const gone = new AbortController();
  let turns = 0;
  let looked = 0;
  let searching = true;
  const others = () => {
    turns += 1;
    if (turns === 3) gone.abort();
    if (searching) setImmediate(others);
  };
  setImmediate(others);
  const match = slow(10, (batch, record) => {
    looked += 1;
    return whole(batch, record);
  });
  try {
    await expect(newest(100, match, undefined, gone.signal)).rejects.toThrow('aborted');
  } finally {
    searching = false;
  }
  expect(turns).toBeGreaterThanOrEqual(3);
  expect(looked).toBeLessThan(100);
});

test('pages backwards and forwards show every record once, partitions in their order', async () => {
  const partition = fc.array(fc.nat(50), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(partition, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 7 }),
      async (times, limit) => {
        const transport = new MemoryBroker({ clock }).transport();
        [admin, reader] = [transport.admin(), transport.reader()];
        await make(times.length);
        const producer = transport.producer();
        producer.send(
          times.flatMap((each, index) =>
            each.map((timestampMs) => ({ topic, partition: index, key: null, value: Buffer.from('{}'), timestampMs })),
          ),
        );
        await producer.flush();
        const all = times.flatMap((each, index) => each.map((_, offset) => `${index}/${offset}`)).sort();
        for (const [read, cursor] of [
          [newest, 'before'],
          [forward, 'next'],
        ] as const) {
          const pages = [await read(limit, whole)];
          for (let last = pages[0]; last !== undefined && !last.done; last = pages.at(-1))
            pages.push(await read(limit, whole, last[cursor]));
          expect(pages.flatMap(({ records }) => records.map(place)).sort()).toEqual(all);
          for (const index of times.keys()) {
            const inOrder = pages.flatMap(({ records }) =>
              records.flatMap((record) => (record.partition === index ? [Number(record.offset)] : [])),
            );
            const offsets = times[index]?.map((_, offset) => offset) ?? [];
            expect(inOrder).toEqual(cursor === 'next' ? offsets : offsets.reverse());
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a list of large records is small, and the whole of them comes in pages of some megabytes', async () => {
  await make(1);
  const value = JSON.stringify({
    text: 'x'.repeat(400_000),
    list: Array.from({ length: 40_000 }, (_, at) => at),
    last: 1,
  });
  for (let at = 0; at < 50; at += 1) await send(0, at, value);
  const list = await newest(50, inPart);
  expect(list.records).toHaveLength(50);
  expect(JSON.stringify(list).length).toBeLessThan(400_000);
  expect(list.records[0]).toMatchObject({ cut: true, sizeBytes: value.length });
  const { records, done, before } = await newest(50, whole);
  expect(done).toBe(false);
  expect(records.length).toBeGreaterThan(5);
  expect(records.length).toBeLessThan(20);
  expect(records[0]?.value).toEqual(JSON.parse(value));
  expect(before).toEqual([{ partition: 0, offset: records.at(-1)?.offset }]);
});
