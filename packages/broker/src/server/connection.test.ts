import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { batchOf } from '../../conformance/record-batches.ts';
import { fetchRequest } from '../../conformance/requests.ts';
import { produce } from '../apis/00-produce.ts';
import { fetch } from '../apis/01-fetch.ts';
import { createTopics } from '../apis/19-create-topics.ts';
import type { TypedApi } from '../apis/api.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { type RunningBroker, startBroker } from '../start-broker.ts';
import { writeRequestHeader } from '../wire/header.ts';
import { Writer } from '../wire/writer.ts';
import { FrameAssembler } from './frame-assembler.ts';
import { MemoryNetwork } from './memory-network.ts';

const network = new MemoryNetwork();
const said: string[] = [];
let broker: RunningBroker | undefined;
afterEach(async () => {
  await broker?.stop();
  said.length = 0;
});

async function connect(maxRequestBytes = 1_000_000): Promise<Duplex> {
  const log = (level: string, message: string) => void said.push(`${level}: ${message}`);
  broker = await startBroker({ port: 0, disk: new MemoryDisk(), network, log, maxRequestBytes });
  return network.connect(broker.port);
}

function request<Req, Res>(api: TypedApi<Req, Res>, version: number, body: Req, correlationId: number): Buffer {
  const { flexible, request: codec } = api.codecs(version);
  const writer = new Writer();
  writeRequestHeader(writer, { apiKey: api.key, apiVersion: version, correlationId }, 'test', flexible);
  codec.write(writer, body);
  return Buffer.concat(writer.frame());
}

/** Reads until as many answers are there; answers their correlation ids. */
async function answers(client: Duplex, count: number): Promise<number[]> {
  const assembler = new FrameAssembler(10_000_000);
  const ids: number[] = [];
  for await (const chunk of client.iterator({ destroyOnReturn: false })) {
    ids.push(...assembler.push(chunk).map((frame) => frame.readInt32BE(0)));
    if (ids.length >= count) return ids;
  }
  return ids;
}

async function fill(client: Duplex, valueBytes: number): Promise<void> {
  const topics = [{ name: 't', partitionCount: 1, replicationFactor: 1, assignments: [], configs: [] }];
  client.write(request(createTopics, 5, { topics, timeoutMs: 1_000, validateOnly: false }, 1));
  const records = batchOf({ values: ['x'.repeat(valueBytes)] });
  const written = {
    transactionalId: null,
    acks: -1,
    timeoutMs: 0,
    topics: [{ name: 't', partitions: [{ index: 0, records }] }],
  };
  client.write(request(produce, 7, written, 2));
  expect(await answers(client, 2)).toEqual([1, 2]);
}

test('a client that sends and does not read is not read from without end, and gets every answer once it reads', async () => {
  const client = await connect();
  await fill(client, 100_000);
  const count = 200;
  let sent = 0;
  const poll = request(fetch, 11, { ...fetchRequest('t'), rackId: 'x'.repeat(30_000) }, 3);
  const sending = (async () => {
    for (; sent < count; sent += 1) if (!client.write(poll)) await once(client, 'drain');
  })();
  for (let i = 0; i < 100; i += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toBeLessThan(count / 2);
  expect(await answers(client, count)).toHaveLength(count);
  await sending;
});

test('a request beyond the limit closes its connection before its bytes have come, says so, and harms nobody else', async () => {
  const client = await connect(1_000);
  const other = network.connect(broker?.port ?? 0);
  const length = Buffer.alloc(4);
  length.writeInt32BE(1_001);
  client.on('error', () => {});
  client.write(length);
  await once(client, 'close');
  expect(said).toEqual([expect.stringMatching(/^warn: .* a frame of 1001 bytes, where 0 to 1000 are taken/)]);
  other.write(request(fetch, 11, fetchRequest('t'), 9));
  expect(await answers(other, 1)).toEqual([9]);
});

test('stopping the broker ends a long poll and closes its connection', async () => {
  const client = await connect();
  await fill(client, 10);
  client.write(request(fetch, 11, fetchRequest('t', { offset: 1n, maxWaitMs: 60_000 }), 3));
  client.resume();
  const closed = once(client, 'close');
  await broker?.stop();
  await closed;
});
