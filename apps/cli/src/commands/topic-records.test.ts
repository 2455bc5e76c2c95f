import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TopicRecord } from '@millrace/protocol';
import { afterEach, expect, test } from 'vitest';
import { apiClient } from '../api/client.ts';
import { recordsFrom } from './topic-records.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A Millrace whose topic of two partitions grows by a record in each at every look. */
async function growing(records: number): Promise<string> {
  let end = records;
  const record = (partition: number, offset: number): TopicRecord => ({
    partition,
    offset: String(offset),
    timestampMs: offset,
    eventTimeMs: null,
    key: null,
    keyText: null,
    value: null,
    reason: null,
    headers: [],
    sizeBytes: 0,
    raw: { key: null, value: null },
    masked: false,
    tombstone: false,
    cut: false,
  });
  const answer = ({ pathname, searchParams: query }: URL): unknown => {
    end += 1;
    const offsets = [0, 1].map((partition) => ({ partition, earliest: '0', latest: String(end) }));
    if (!pathname.endsWith('/records'))
      return {
        ...{
          name: 't',
          partitions: 2,
          replication: 1,
          records: 0,
          counted: null,
          perSecond: 0,
          internal: false,
          role: 'topic',
          apps: [],
        },
        ...{ offsets, configs: {}, declared: null },
      };
    const limit = Number(query.get('limit'));
    const from = (query.get('at') ?? '0:0,1:0').split(',').map((each) => each.split(':').map(Number));
    const parts = from.map(([partition = 0, offset = 0]) => {
      const start = query.get('from') === 'newest' ? Math.max(0, end - limit / 2) : offset;
      const until = Math.min(end, start + Math.ceil(limit / from.length));
      return { partition, start, until };
    });
    return {
      records: parts.flatMap(({ partition, start, until }) =>
        Array.from({ length: until - start }, (_, index) => record(partition, start + index)),
      ),
      next: parts.map(({ partition, until }) => ({ partition, offset: String(until) })),
      before: [],
      looked: 0,
      done: parts.every(({ until }) => until >= end),
    };
  };
  server = createServer((request, response) => response.end(JSON.stringify(answer(new URL(`http://x${request.url}`)))));
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
}

const read = async (url: string, from: string, follow: boolean, most = Number.POSITIVE_INFINITY) => {
  const seen: string[] = [];
  for await (const { partition, offset } of recordsFrom(apiClient(url), 't', from, follow, most)) {
    seen.push(`${partition}/${offset}`);
    if (seen.length >= most) break;
  }
  return seen;
};

test('without following it ends at the end as it was, though the topic grows at every look', async () => {
  const all = [0, 1].flatMap((partition) => Array.from({ length: 1_201 }, (_, offset) => `${partition}/${offset}`));
  expect((await read(await growing(1_200), 'beginning', false)).sort()).toEqual(all.sort());
});

test('of the newest, too', async () => {
  const seen = await read(await growing(1_200), 'newest', false);
  expect(seen.length).toBeGreaterThan(40);
  expect(seen.length).toBeLessThanOrEqual(50);
});

test('following, it goes on with what comes, each record once', async () => {
  const seen = await read(await growing(1_200), 'beginning', true, 2_600);
  expect(new Set(seen).size).toBe(2_600);
});
