import { afterEach, expect, test } from 'vitest';
import { RawClient } from '../../conformance/raw-client.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { type RunningBroker, startBroker } from '../start-broker.ts';
import { ErrorCode } from '../wire/error-code.ts';
import { metadata } from './03-metadata.ts';

let broker: RunningBroker | undefined;
let client: RawClient | undefined;
afterEach(async () => {
  client?.close();
  await broker?.stop();
});

test('auto.create.topics.enable: asking for a topic creates it, unless the client forbids it or the name can not be', async () => {
  broker = await startBroker({ port: 0, disk: new MemoryDisk(), autoCreateTopics: true, defaultPartitions: 3 });
  const connected = await RawClient.connect(`127.0.0.1:${broker.port}`);
  client = connected;
  const ask = async (name: string, allowAutoTopicCreation: boolean) => {
    const request = { ...metadata.request.empty, topics: [{ id: '0'.repeat(32), name }], allowAutoTopicCreation };
    const [topic] = (await connected.call(metadata, 4, request)).topics;
    return [topic?.errorCode, topic?.partitions.length];
  };
  expect(await ask('made', false)).toEqual([ErrorCode.unknownTopicOrPartition, 0]);
  const both = await Promise.all([ask('made', true), ask('other', true)]);
  expect(both).toEqual([
    [ErrorCode.none, 3],
    [ErrorCode.none, 3],
  ]);
  expect(await ask('made', false)).toEqual([ErrorCode.none, 3]);
  expect(await ask('no name', true)).toEqual([ErrorCode.invalidTopic, 0]);
});
