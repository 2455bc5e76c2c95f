import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '@millrace/broker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaJsTransport } from '../kafkajs-transport.ts';
import { ClusterIdentity } from './cluster-identity.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-clusters-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('[X1] the first cluster that answers is ours, another one is refused with both ids and addresses', () => {
  const identity = new ClusterIdentity(undefined);
  identity.check('one', 'a:9092');
  identity.check('one', 'b:9092');
  identity.check(null, 'old:9092');
  expect(() => identity.check('two', 'c:9092')).toThrow(/^c:9092 is another Kafka cluster, two, .* one \(at a:9092\)/);
});

test('[X1] a cluster that a setting names is the only one, from the first connection on', () => {
  expect(() => new ClusterIdentity('one').check('two', 'a:9092')).toThrow('than the one that belongs here, one.');
});

test('[X1] another cluster that listens where ours did is neither read nor written: the producer says so, and its topic stays empty', async () => {
  const ours = await startBroker({ port: 0, dataDir: join(folder, 'ours') });
  const { port } = ours;
  const transport = kafkaJsTransport({ brokers: [`127.0.0.1:${port}`] });
  const admin = transport.admin();
  await admin.createTopics([{ name: 't', partitions: 1, replication: 1 }]);
  const producer = transport.producer();
  producer.send([{ topic: 't', key: null, value: Buffer.from('ours'), timestampMs: 0 }]);
  await producer.flush();
  await ours.stop();

  const theirs = await startBroker({ port, dataDir: join(folder, 'theirs') });
  const strangers = kafkaJsTransport({ brokers: [`127.0.0.1:${port}`] });
  await strangers.admin().createTopics([{ name: 't', partitions: 1, replication: 1 }]);
  producer.send([{ topic: 't', key: null, value: Buffer.from('lost'), timestampMs: 0 }]);
  await expect(producer.flush()).rejects.toMatchObject({ code: 'foreign-cluster', retriable: false });
  await expect(admin.offsets('t')).rejects.toMatchObject({ code: 'foreign-cluster' });
  expect(await strangers.admin().offsets('t')).toMatchObject([{ earliest: 0n, latest: 0n }]);
  await strangers.close();
  await theirs.stop();

  const back = await startBroker({ port, dataDir: join(folder, 'ours') });
  expect(await admin.offsets('t')).toMatchObject([{ earliest: 0n, latest: 1n }]);
  await transport.close();
  await back.stop();
});
