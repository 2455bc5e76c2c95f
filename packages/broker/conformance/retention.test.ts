import { ConfigResourceTypes } from 'kafkajs';
import { expect, type TestContext } from 'vitest';
import { listOffsets } from '../src/apis/02-list-offsets.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import type { RawClient } from './raw-client.ts';
import { batchOf } from './record-batches.ts';
import { fetchOne, produceBatch } from './requests.ts';
import { conforms, readiness, target } from './target.ts';

const t = target();
const hourMs = 3_600_000;
/** The least that Kafka 4 lets `segment.bytes` be. */
const segmentBytes = 1024 * 1024;

async function startOf(client: RawClient, topic: string): Promise<bigint | undefined> {
  const partitions = [{ index: 0, currentLeaderEpoch: -1, timestampMs: -2n }];
  const answer = await client.call(listOffsets, 4, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: topic, partitions }],
  });
  return answer.topics[0]?.partitions[0]?.offset;
}

/** Kafka looks every five minutes, unless told otherwise as scripts/apache-kafka.mjs does: nobody waits for that. */
async function lookedAfter({ skip }: TestContext): Promise<void> {
  const { resources } = await t.admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.BROKER, name: '1', configNames: ['log.retention.check.interval.ms'] }],
  });
  const intervalMs = Number(resources[0]?.configEntries[0]?.configValue);
  skip(intervalMs > 10_000, `retention is looked after every ${intervalMs} ms`);
}

conforms('records past retention.ms go, by their own time, and offsets go on', async (context) => {
  await lookedAfter(context);
  const client = await t.raw();
  const topic = await t.topic(1, { 'retention.ms': '600000' });
  for (const value of ['old', 'older']) {
    await produceBatch(client, topic, batchOf({ values: [value], timestampMs: Date.now() - hourMs }));
  }
  await expect.poll(() => startOf(client, topic), readiness).toBe(2n);
  expect((await fetchOne(client, topic)).errorCode).toBe(ErrorCode.offsetOutOfRange);
  expect((await produceBatch(client, topic, batchOf({ values: ['new'] }))).baseOffset).toBe(2n);
  expect((await fetchOne(client, topic, { offset: 2n })).values).toEqual(['new']);
});

conforms('a segment is kept for as long as its newest record is within retention.ms', async (context) => {
  await lookedAfter(context);
  const client = await t.raw();
  const [mixed, old] = [await t.topic(1, { 'retention.ms': '600000' }), await t.topic(1, { 'retention.ms': '600000' })];
  for (const [topic, ageMs] of [
    [mixed, 0],
    [old, hourMs],
  ] as const) {
    for (const age of [hourMs, ageMs]) {
      await produceBatch(client, topic, batchOf({ values: ['v'], timestampMs: Date.now() - age }));
    }
  }
  await expect.poll(() => startOf(client, old), readiness).toBe(2n);
  expect(await startOf(client, mixed)).toBe(0n);
});

conforms('the oldest segments go once retention.bytes is exceeded without them', async (context) => {
  await lookedAfter(context);
  const client = await t.raw();
  const topic = await t.topic(1, { 'retention.bytes': String(segmentBytes), 'segment.bytes': String(segmentBytes) });
  const value = 'x'.repeat(segmentBytes / 4);
  for (let i = 0; i < 12; i += 1) await produceBatch(client, topic, batchOf({ values: [value] }));
  await expect.poll(() => startOf(client, topic), readiness).toBeGreaterThanOrEqual(3n);
  expect(await startOf(client, topic)).toBeLessThanOrEqual(8n);
  const { highWatermark, errorCode } = await fetchOne(client, topic, {
    offset: 11n,
    maxBytes: 1,
    partitionMaxBytes: 1,
  });
  expect([highWatermark, errorCode]).toEqual([12n, ErrorCode.none]);
});

conforms('nothing goes from a topic that is only compacted, however old', async (context) => {
  await lookedAfter(context);
  const client = await t.raw();
  const limits = { 'retention.ms': '600000', 'retention.bytes': '1' };
  const [compacted, deleted] = [await t.topic(1, { ...limits, 'cleanup.policy': 'compact' }), await t.topic(1, limits)];
  for (const topic of [compacted, deleted]) {
    const batch = batchOf({ values: ['v'], key: 'k', timestampMs: Date.now() - hourMs });
    await produceBatch(client, topic, batch);
  }
  await expect.poll(() => startOf(client, deleted), readiness).toBe(1n);
  expect(await startOf(client, compacted)).toBe(0n);
});
