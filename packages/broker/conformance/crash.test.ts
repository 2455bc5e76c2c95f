import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { offsetCommit } from '../src/apis/08-offset-commit.ts';
import { offsetFetch } from '../src/apis/09-offset-fetch.ts';
import { createTopics } from '../src/apis/19-create-topics.ts';
import { initProducerId } from '../src/apis/22-init-producer-id.ts';
import { addPartitionsToTxn } from '../src/apis/24-add-partitions-to-txn.ts';
import { endTxn } from '../src/apis/26-end-txn.ts';
import { describeConfigs } from '../src/apis/32-describe-configs.ts';
import { BrokerProcess } from './broker-process.ts';
import { RawClient } from './raw-client.ts';
import { batchOf } from './record-batches.ts';
import { fetchOne, produceBatch } from './requests.ts';

let dataDir = '';
const running: BrokerProcess[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-crash-'));
});
afterEach(async () => {
  for (const broker of running.splice(0)) await broker.kill();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(port = 0): Promise<BrokerProcess> {
  const broker = await BrokerProcess.start(dataDir, port);
  running.push(broker);
  return broker;
}

async function createTopic(client: RawClient, name: string): Promise<void> {
  const configs = [{ name: 'segment.bytes', value: '20000' }];
  const topics = [{ name, partitionCount: 1, replicationFactor: 1, assignments: [], configs }];
  await client.call(createTopics, 5, { topics, timeoutMs: 5_000, validateOnly: false });
}

function commitOffset(client: RawClient, offset: bigint) {
  const topics = [{ name: 'log', partitions: [{ index: 0, offset, leaderEpoch: -1, metadata: null }] }];
  return client.call(offsetCommit, 7, { ...offsetCommit.request.empty, groupId: 'group', generationId: -1, topics });
}

async function readAll(client: RawClient, committed = false): Promise<string[]> {
  const values: string[] = [];
  for (let offset = 0n; ; ) {
    const read = await fetchOne(client, 'log', { offset, committed });
    const last = read.batches.at(-1);
    if (last === undefined) return values;
    values.push(...read.values);
    offset = last.lastOffset + 1n;
  }
}

test('what was acknowledged is there after kill -9 in mid-stream, once and in order; committed offsets too', async () => {
  let broker = await start();
  await createTopic(await RawClient.connect(broker.broker), 'log');
  let acknowledged = 0;
  let committed = 0n;
  for (let round = 0; round < 3; round += 1) {
    const client = await RawClient.connect(broker.broker);
    const doomed = broker;
    const killed = new Promise((resolve) => setTimeout(resolve, 150 + round * 70)).then(() => doomed.kill());
    try {
      for (;;) {
        const sent = acknowledged;
        // Each batch carries its number: a lost or a repeated one shows.
        const { errorCode } = await produceBatch(
          client,
          'log',
          batchOf({ values: [String(sent)], producerId: 1n, epoch: 0, sequence: sent }),
        );
        expect(errorCode).toBe(0);
        acknowledged = sent + 1;
        if (sent % 10 === 0) {
          await commitOffset(client, BigInt(sent));
          committed = BigInt(sent);
        }
      }
    } catch (error) {
      expect(String(error)).toMatch(/closed the connection/);
    }
    await killed;
    broker = await start(broker.port);
    const reader = await RawClient.connect(broker.broker);
    const values = await readAll(reader);
    // The batch that was under way when the broker died may have been written without being acknowledged.
    expect(values.length - acknowledged).toBeGreaterThanOrEqual(0);
    expect(values.length - acknowledged).toBeLessThanOrEqual(1);
    expect(values).toEqual(values.map((_, i) => String(i)));
    acknowledged = values.length;
    const wanted = { ...offsetFetch.request.empty, groupId: 'group', topics: [{ name: 'log', partitions: [0] }] };
    const offset = (await reader.call(offsetFetch, 5, wanted)).topics[0]?.partitions[0]?.offset ?? -1n;
    expect(offset).toBeGreaterThanOrEqual(committed);
  }
  expect(acknowledged).toBeGreaterThan(20);
}, 60_000);

test('a transaction that was open at kill -9 can be committed afterwards, and holds back read_committed until then', async () => {
  const first = await start();
  const client = await RawClient.connect(first.broker);
  await createTopic(client, 'log');
  const init = { ...initProducerId.request.empty, transactionalId: 'tx', transactionTimeoutMs: 60_000 };
  const { producerId, producerEpoch } = await client.call(initProducerId, 4, init);
  const topics = [{ name: 'log', partitions: [0] }];
  await client.call(addPartitionsToTxn, 3, { transactionalId: 'tx', producerId, producerEpoch, topics });
  const batch = batchOf({ values: ['open'], producerId, epoch: producerEpoch, sequence: 0, transactional: true });
  expect((await produceBatch(client, 'log', batch, { transactionalId: 'tx' })).errorCode).toBe(0);
  await first.kill();
  const second = await start();
  const again = await RawClient.connect(second.broker);
  expect(await readAll(again, true)).toEqual([]);
  const end = { transactionalId: 'tx', producerId, producerEpoch, committed: true };
  expect((await again.call(endTxn, 3, end)).errorCode).toBe(0);
  expect(await readAll(again, true)).toEqual(['open']);
}, 60_000);

test('a folder that a live broker holds and a port that is taken are said, with exit 1; SIGTERM ends it with 0', async () => {
  const broker = await start();
  await expect(BrokerProcess.start(dataDir)).rejects.toThrow(/exit 1: .*is held by another broker, process \d+/s);
  const other = await mkdtemp(join(tmpdir(), 'millrace-crash-'));
  await expect(BrokerProcess.start(other, broker.port)).rejects.toThrow(/exit 1: .*port \d+ .*is taken/s);
  await rm(other, { recursive: true, force: true });
  expect(await broker.kill('SIGTERM')).toBe(0);
}, 60_000);

test('settings by name are taken and shown by DescribeConfigs; a wrong one is said, with exit 2', async () => {
  const broker = await BrokerProcess.start(dataDir, 0, ['--set', 'offsets.retention.minutes=5', '--partitions', '3']);
  running.push(broker);
  const client = await RawClient.connect(broker.broker);
  const keys = ['offsets.retention.minutes', 'num.partitions', 'log.cleaner.backoff.ms'];
  const request = { ...describeConfigs.request.empty, resources: [{ type: 4, name: '1', keys }] };
  const configs = (await client.call(describeConfigs, 4, request)).results[0]?.configs ?? [];
  expect(configs.map(({ name, value, source }) => [name, value, source])).toEqual([
    ['log.cleaner.backoff.ms', '10000', 5],
    ['num.partitions', '3', 4],
    ['offsets.retention.minutes', '5', 4],
  ]);
  await expect(BrokerProcess.start(dataDir, 0, ['--set', 'num.partition=5'])).rejects.toThrow(
    /exit 2: .*there is no setting 'num.partition'; near it: num.partitions/s,
  );
}, 60_000);
