import { expect } from 'vitest';
import type { BatchRecord } from '../src/log/records.ts';
import { decodeRecords } from '../src/log/records.ts';
import type { RawClient } from './raw-client.ts';
import { batchOf, compressed } from './record-batches.ts';
import { fetchOne, produceBatch } from './requests.ts';
import { conforms, readiness, target } from './target.ts';

const t = target();

/** Segments roll by the records' own times, so that a batch ten seconds on seals all before it. */
const configs = { 'cleanup.policy': 'compact', 'segment.ms': '5000', 'min.cleanable.dirty.ratio': '0.001' };
const rollMs = 10_000;
const baseMs = Date.now() - 1_800_000;

async function readAll(client: RawClient, topic: string): Promise<BatchRecord[]> {
  const records: BatchRecord[] = [];
  for (let offset = 0n; ; ) {
    const { batches, highWatermark } = await fetchOne(client, topic, { offset });
    for (const batch of batches) {
      if (!batch.isControl) records.push(...(decodeRecords(batch) ?? []));
      offset = batch.lastOffset + 1n;
    }
    if (batches.length === 0 || offset >= highWatermark) return records;
  }
}

async function readText(client: RawClient, topic: string): Promise<string[]> {
  return (await readAll(client, topic)).map(({ offset, key, value }) => `${offset}:${key}=${value}`);
}

for (const codec of ['none', 'gzip', 'snappy', 'lz4'] as const) {
  conforms(`compaction keeps the last record of each key at its offset, compression ${codec}`, async () => {
    const topic = await t.topic(1, configs);
    const client = await t.raw();
    const send = (values: (string | null)[], keys: string[], timestampMs = baseMs) => {
      const batch = batchOf({ values, keys, timestampMs, stepMs: 1 });
      return produceBatch(client, topic, codec === 'none' ? batch : compressed(batch, codec));
    };
    await send(['1', '1', '1'], ['a', 'b', 'c']);
    await send(['2', '2'], ['a', 'a']);
    await send([null, '3'], ['c', 'd']);
    await send(['active', 'active'], ['a', 'a'], baseMs + rollMs);
    const clean = ['1:b=1', '4:a=2', '5:c=null', '6:d=3', '7:a=active', '8:a=active'];
    await expect.poll(() => readText(client, topic), readiness).toEqual(clean);
    const times = (await readAll(client, topic)).map(({ timestampMs }) => timestampMs - baseMs);
    expect(times).toEqual([1, 1, 0, 1, rollMs, rollMs + 1]);
    const at = await t.admin.fetchTopicOffsetsByTimestamp(topic, baseMs + 1);
    expect(at).toEqual([{ partition: 0, offset: '1' }]);
  });
}

conforms('a tombstone goes once delete.retention.ms have passed and the log is compacted again', async () => {
  const topic = await t.topic(1, { ...configs, 'delete.retention.ms': '300' });
  const client = await t.raw();
  let rolls = 0;
  const send = (key: string, value: string | null) => {
    rolls += 1;
    return produceBatch(client, topic, batchOf({ values: [value], key, timestampMs: baseMs + rolls * rollMs }));
  };
  await send('gone', 'value');
  await send('gone', null);
  const keys = async () => {
    await send('other', 'value');
    return (await readAll(client, topic)).map(({ key }) => String(key));
  };
  await expect.poll(keys, { ...readiness, interval: 500 }).not.toContain('gone');
});

conforms('a consumer of a compacted topic gets what is left, and of transactions what was committed', async () => {
  const topic = await t.topic(1, configs);
  const kafka = t.kafka({ retry: { initialRetryTime: 20, retries: 30 } });
  const producer = kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const transact = async (value: string, end: 'commit' | 'abort', rolls: number) => {
    const transaction = await producer.transaction();
    const timestamp = String(baseMs + rolls * rollMs);
    await transaction.send({ topic, messages: ['a', 'b'].map((key) => ({ key, value, timestamp })) });
    await transaction[end]();
  };
  await transact('one', 'commit', 0);
  await transact('two', 'abort', 1);
  await transact('three', 'commit', 2);
  await transact('four', 'abort', 3);
  await transact('five', 'commit', 4);
  await producer.disconnect();
  const client = await t.raw();
  // Markers have the time of now: what rolls after the last of them must be later.
  await produceBatch(client, topic, batchOf({ values: ['end'], key: 'end', timestampMs: Date.now() + rollMs }));
  const left = async () => (await readAll(client, topic)).map(({ value }) => String(value));
  await expect.poll(left, readiness).not.toContain('one');

  const consumer = kafka.consumer({ groupId: await t.group(), maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const seen: string[] = [];
  await consumer.run({
    eachMessage: async ({ message: { key, value } }) => {
      seen.push(`${key}=${value}`);
    },
  });
  await expect.poll(() => seen, readiness).toContain('end=end');
  await consumer.disconnect();
  expect(seen).toEqual(['a=five', 'b=five', 'end=end']);
});
