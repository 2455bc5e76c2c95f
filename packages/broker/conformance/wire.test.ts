import { expect, test } from 'vitest';
import { fetch } from '../src/apis/01-fetch.ts';
import { metadata } from '../src/apis/03-metadata.ts';
import { apiVersions } from '../src/apis/18-api-versions.ts';
import { createTopics } from '../src/apis/19-create-topics.ts';
import type { TypedApi } from '../src/apis/api.ts';
import { servedApis } from '../src/apis/served.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import { batchOf } from './record-batches.ts';
import { fetchRequest, produceBatch } from './requests.ts';
import { conforms, isEmbedded, target, uniqueName } from './target.ts';

const t = target();
const versions = apiVersions(() => []);

conforms('every version of ApiVersions lists what is served', async () => {
  const client = await t.raw();
  for (const version of [0, 1, 2, 3]) {
    const request = { clientSoftwareName: 'conformance', clientSoftwareVersion: '1' };
    const { errorCode, apiKeys } = await client.call(versions, version, request);
    expect(errorCode).toBe(ErrorCode.none);
    for (const served of servedApis) {
      const range = apiKeys.find(({ apiKey }) => apiKey === served.key);
      expect(range?.minVersion, served.name).toBeLessThanOrEqual(served.first);
      expect(range?.maxVersion, served.name).toBeGreaterThanOrEqual(served.last);
    }
  }
});

conforms('Produce is advertised from version 0, so that librdkafka goes on compressing (KAFKA-18659)', async () => {
  const client = await t.raw();
  const { apiKeys } = await client.call(versions, 0, versions.request.empty);
  expect(apiKeys.find(({ apiKey }) => apiKey === 0)?.minVersion).toBe(0);
});

conforms(
  'an unknown version of ApiVersions is answered in the form of version 0, and the connection goes on',
  async () => {
    const client = await t.raw();
    const frame = Buffer.from('0000000b0012006300000007ffff00', 'hex'); // Its header is as of version 3.
    client.bytes(frame);
    const { correlationId, body } = await client.answer(versions, 0);
    expect(correlationId).toBe(7);
    expect(body.errorCode).toBe(ErrorCode.unsupportedVersion);
    expect((await client.call(versions, 0, versions.request.empty)).errorCode).toBe(ErrorCode.none);
  },
);

conforms('requests behind a long poll are answered after it, in their order', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const poll = client.send(fetch, 11, fetchRequest(topic, { maxWaitMs: 200 }));
  const first = client.send(versions, 0, versions.request.empty);
  const second = client.send(versions, 0, versions.request.empty);
  expect((await client.answer(fetch, 11)).correlationId).toBe(poll);
  expect((await client.answer(versions, 0)).correlationId).toBe(first);
  expect((await client.answer(versions, 0)).correlationId).toBe(second);
});

conforms('a fetch of no partitions is not waited for', async () => {
  const client = await t.raw();
  const begunMs = Date.now();
  const request = { ...fetchRequest(''), topics: [], maxWaitMs: 10_000 };
  expect((await client.call(fetch, 11, request)).topics).toEqual([]);
  expect(Date.now() - begunMs).toBeLessThan(5_000);
});

conforms('an empty list of topics means none in Metadata from version 1 on, and null means all', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const none = await client.call(metadata, 1, { ...metadata.request.empty, topics: [] });
  expect(none.topics).toEqual([]);
  const all = await client.call(metadata, 1, { ...metadata.request.empty, topics: null });
  expect(all.topics.map(({ name }) => name)).toContain(topic);
});

conforms('an empty list of topics means all in Metadata version 0', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  const all = await client.call(metadata, 0, { ...metadata.request.empty, topics: [] });
  expect(all.topics.map(({ name }) => name)).toContain(topic);
});

conforms('topics have an id from CreateTopics 7 on, by which Metadata 12 finds them', async () => {
  const client = await t.raw();
  const name = uniqueName('with-id');
  const wanted = { name, partitionCount: 2, replicationFactor: 1, assignments: [], configs: [] };
  const created = await client.call(createTopics, 7, { topics: [wanted], timeoutMs: 5_000, validateOnly: false });
  const id = created.topics[0]?.id ?? '';
  expect(id).not.toBe('0'.repeat(32));
  const found = await client.call(metadata, 12, { ...metadata.request.empty, topics: [{ id, name: null }] });
  expect(found.topics[0]?.name).toBe(name);
  expect(found.topics[0]?.partitions).toHaveLength(2);
  const stranger = { id: '1'.repeat(32), name: null };
  const missing = await client.call(metadata, 12, { ...metadata.request.empty, topics: [stranger] });
  expect(missing.topics[0]?.errorCode).toBe(ErrorCode.unknownTopicId);
});

conforms('Produce and Fetch speak each of their versions', async () => {
  const topic = await t.topic();
  const client = await t.raw();
  let count = 0n;
  for (let version = 3; version <= 9; version += 1) {
    const { errorCode, baseOffset } = await produceBatch(client, topic, batchOf({ values: ['v'] }), { version });
    expect([errorCode, baseOffset]).toEqual([ErrorCode.none, count]);
    count += 1n;
  }
  for (let version = 4; version <= 12; version += 1) {
    const answer = await client.call(fetch, version, fetchRequest(topic));
    expect(answer.topics[0]?.partitions[0]?.highWatermark).toBe(count);
  }
});

test.runIf(isEmbedded)(
  'every version of every API answers an empty request, byte for byte as its schema says',
  async () => {
    const client = await t.raw();
    for (const api of servedApis.filter(({ name }) => name !== 'Produce')) {
      // Each API is made by defineApi, which keeps its schemas; the list hides their types.
      const typed = api as TypedApi<unknown, unknown>;
      for (let version = api.first; version <= api.last; version += 1) {
        await client.call(typed, version, typed.request.empty);
      }
    }
  },
);

test.runIf(isEmbedded)(
  'an unknown API and an unknown version are answered UNSUPPORTED_VERSION, and the connection goes on',
  async () => {
    const client = await t.raw();
    for (const unknown of ['0000000a03e7000000000001ffff', '0000000a0001006300000002ffff']) {
      client.bytes(Buffer.from(unknown, 'hex'));
      expect((await client.frame()).readInt16BE(4)).toBe(ErrorCode.unsupportedVersion);
    }
    expect((await client.call(versions, 0, versions.request.empty)).errorCode).toBe(ErrorCode.none);
  },
);
