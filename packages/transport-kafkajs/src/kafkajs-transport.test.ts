import { MemoryDisk, startBroker } from '@millrace/broker';
import type { GroupConsumerListener, ProducedRecord, Transport } from '@millrace/streams';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaJsTransport } from './kafkajs-transport.ts';
import { Deferred } from './network/deferred.ts';
import { beginTransaction } from './testing/foreign-transaction.ts';
import { type KafkaUnderTest, kafkaUnderTest } from './testing/kafka-under-test.ts';

let kafka: KafkaUnderTest;
let transport: Transport;
beforeAll(async () => {
  kafka = await kafkaUnderTest();
  transport = kafkaJsTransport({ brokers: kafka.brokers });
});
afterAll(async () => {
  await transport.close();
  await kafka.stop();
});

const newTopic = async (of: Transport, partitions = 1): Promise<string> => {
  const name = `driver-${crypto.randomUUID()}`;
  await of.admin().createTopics([{ name, partitions, replication: 1 }]);
  return name;
};
const numbered = (topic: string, from: number, to: number): ProducedRecord[] =>
  Array.from({ length: to - from }, (_, i) => ({
    topic,
    key: Buffer.from(`k${(from + i) % 5}`),
    value: Buffer.from(String(from + i)),
    timestampMs: 1_000,
  }));
const quiet: GroupConsumerListener = {
  assigned: async () => {},
  revoked: async () => {},
  batch: () => {},
  outOfRange: () => {},
  failed: () => {},
  recovered: () => {},
};

test('an unreachable Kafka is said with each address and what it answered', async () => {
  const nobody = kafkaJsTransport({
    brokers: ['127.0.0.1:1', 'no-such-host.invalid:9092'],
    connectionTimeoutMs: 2_000,
  });
  await expect(nobody.admin().describeCluster()).rejects.toMatchObject({
    code: 'unreachable',
    retriable: true,
    message:
      'Kafka cannot be reached: 127.0.0.1:1 refused the connection; no-such-host.invalid:9092 is not a known host',
  });
  await nobody.close();
});

test('what was sent behind a record that could not be written is not written either, until a flush has told', async () => {
  const topic = `driver-${crypto.randomUUID()}`;
  const admin = transport.admin();
  await admin.createTopics([{ name: topic, partitions: 1, replication: 1, configs: { 'max.message.bytes': '1000' } }]);
  const producer = transport.producer();
  const send = (key: string, size: number) =>
    producer.send([{ topic, key: Buffer.from(key), value: Buffer.alloc(size), timestampMs: 1_000 }]);
  send('first', 10);
  await producer.flush();
  send('lost', 5_000);
  send('behind it', 10);
  await expect(producer.flush()).rejects.toMatchObject({ name: 'TransportError' });
  expect((await admin.offsets(topic))[0]?.latest).toBe(1n);
  send('after it was told', 10);
  await producer.flush();
  expect((await admin.offsets(topic))[0]?.latest).toBe(2n);
  await producer.close();
});

test('over a restart of the broker, a consumer says that it retries and recovers, and nothing is lost or written twice', async () => {
  const disk = new MemoryDisk();
  let broker = await startBroker({ port: 0, disk });
  const { port } = broker;
  const own = kafkaJsTransport({ brokers: [`127.0.0.1:${port}`] });
  const topic = await newTopic(own, 2);
  const values = new Set<number>();
  const [half, all, failed, recovered] = [
    new Deferred<void>(),
    new Deferred<void>(),
    new Deferred<void>(),
    new Deferred<void>(),
  ];
  const consumer = own.consumer(
    { groupId: topic, startFrom: 'earliest', copartitioned: [[topic]] },
    {
      ...quiet,
      batch: ({ records }) => {
        for (const { value } of records) values.add(Number(value));
        if (values.size === 500) half.resolve();
        if (values.size === 1_000) all.resolve();
      },
      failed: (_, retrying) => retrying && failed.resolve(),
      recovered: () => recovered.resolve(),
    },
  );
  const producer = own.producer();
  await consumer.start();
  producer.send(numbered(topic, 0, 500));
  await half.promise;
  await broker.stop();
  producer.send(numbered(topic, 500, 1_000));
  await failed.promise;
  broker = await startBroker({ port, disk });
  await producer.flush();
  await Promise.all([all.promise, recovered.promise]);
  const written: number[] = [];
  const ranges = [0, 1].map((partition) => ({ topic, partition, from: 0n }));
  for await (const { records } of own.reader().read(ranges)) {
    for (const { value } of records) written.push(Number(value));
  }
  expect(written.sort((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
  await own.close();
  await broker.stop();
});

test('[P3] a topic that was made anew while nobody asked for it is not read on, however many records it has by then', async () => {
  const topic = await newTopic(transport);
  const read: number[] = [];
  const [three, all] = [new Deferred<void>(), new Deferred<void>()];
  let assigned = 0;
  const partition = { topic, partition: 0 };
  const consumer = transport.consumer(
    { groupId: topic, startFrom: 'earliest', copartitioned: [[topic]] },
    {
      ...quiet,
      assigned: async () => {
        if (++assigned > 1) consumer.seek(partition, 0n);
      },
      batch: ({ records }) => {
        for (const { value } of records) read.push(Number(value));
        if (read.length === 3) {
          consumer.pause([partition]);
          three.resolve();
        }
        if (read.at(-1) === 19) all.resolve();
      },
    },
  );
  await consumer.start();
  const producer = transport.producer();
  producer.send(numbered(topic, 0, 3));
  await producer.flush();
  await three.promise;
  const admin = transport.admin();
  await admin.deleteTopics([topic]);
  await admin.createTopics([{ name: topic, partitions: 1, replication: 1 }]);
  const other = transport.producer();
  other.send(numbered(topic, 10, 20));
  await other.flush();
  consumer.resume([partition]);
  await all.promise;
  expect(read).toEqual([0, 1, 2, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  expect(assigned).toBe(2);
  await Promise.all([consumer.stop(), producer.close(), other.close()]);
});

test('[P6] what waits behind a transaction that stays open is told once, and read when it ends', async () => {
  const watchful = kafkaJsTransport({ brokers: kafka.brokers, metadataMaxAgeMs: 300 });
  const topic = await newTopic(watchful);
  const read: string[] = [];
  const held: (readonly [bigint, bigint])[] = [];
  const [told, all] = [new Deferred<void>(), new Deferred<void>()];
  const consumer = watchful.consumer(
    { groupId: topic, startFrom: 'earliest', copartitioned: [[topic]] },
    {
      ...quiet,
      batch: ({ records }) => {
        for (const { value } of records) read.push(String(value));
        if (read.length === 3) all.resolve();
      },
      heldBack: (_, from, to) => {
        held.push([from, to]);
        told.resolve();
      },
    },
  );
  await consumer.start();
  const transaction = await beginTransaction(kafka.brokers, topic);
  await transaction.send(['a', 'b']);
  const producer = watchful.producer();
  producer.send([{ topic, key: null, value: Buffer.from('c'), timestampMs: 1_000 }]);
  await producer.flush();
  await told.promise;
  expect(read).toEqual([]);
  await transaction.commit();
  await all.promise;
  expect(read).toEqual(['a', 'b', 'c']);
  expect(held).toEqual([[0n, 3n]]);
  await Promise.all([consumer.stop(), producer.close()]);
  await watchful.close();
});

test('heartbeats go on while an assignment takes longer than the session', async () => {
  const topic = await newTopic(transport);
  const revocations: boolean[] = [];
  let first = true;
  // Kafka's own bound unless it is told otherwise is 6 s.
  const sessionMs = kafka.real ? 6_000 : 1_000;
  const options = {
    groupId: topic,
    startFrom: 'earliest',
    copartitioned: [[topic]],
    sessionTimeoutMs: sessionMs,
  } as const;
  const consumer = transport.consumer(options, {
    ...quiet,
    assigned: () => {
      const restoreMs = first ? sessionMs * 1.3 : 0;
      first = false;
      return new Promise((resolve) => setTimeout(resolve, restoreMs));
    },
    revoked: async (_, lost) => void revocations.push(lost),
  });
  await consumer.start();
  await consumer.commit([{ topic, partition: 0, offset: 7n }]);
  await consumer.stop();
  expect(revocations).toEqual([false]);
  const committed = await transport.admin().committed(topic, [{ topic, partition: 0 }]);
  expect([...committed.values()]).toEqual([7n]);
});

test('a consumer stops while its join waits for a member that is slow to hand over', async () => {
  const topic = await newTopic(transport, 2);
  const options = {
    groupId: topic,
    startFrom: 'earliest',
    copartitioned: [[topic]],
    heartbeatIntervalMs: 100,
  } as const;
  const [revoking, handOver] = [new Deferred<void>(), new Deferred<void>()];
  const slow = transport.consumer(options, {
    ...quiet,
    revoked: () => {
      revoking.resolve();
      return handOver.promise;
    },
  });
  await slow.start();
  const late = transport.consumer(options, quiet);
  const started = late.start().catch((error: Error) => error);
  await revoking.promise;
  await late.stop();
  expect(await started).toMatchObject({ code: 'closed' });
  handOver.resolve();
  await slow.stop();
});

test('a transport that is closed ends what it handed out, and keeps nothing open', async () => {
  const own = kafkaJsTransport({ brokers: kafka.brokers });
  const topic = await newTopic(own);
  const producer = own.producer();
  const tail = own.reader().tail([{ topic, partition: 0, from: 0n }], new AbortController().signal);
  producer.send(numbered(topic, 0, 1));
  const { value } = await tail[Symbol.asyncIterator]().next();
  expect(value?.records).toHaveLength(1);
  await own.close();
  expect(() => producer.send(numbered(topic, 0, 1))).toThrow('the producer is closed');
  await expect(producer.flush()).rejects.toMatchObject({ code: 'closed' });
});

test('a producer with patience gives up what Kafka does not take, with what was said last; one without goes on trying', async () => {
  const nowhere = kafkaJsTransport({ brokers: ['127.0.0.1:1'] });
  const record = { topic: 'events', key: null, value: Buffer.from('1'), timestampMs: 0 };
  const patient = nowhere.producer({ patienceMs: 300 });
  patient.send([record]);
  await expect(patient.flush()).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringMatching(/^not written within 0\.3 s: Kafka cannot be reached: .*refused the connection/),
  });
  await patient.close();
  const waiting = nowhere.producer();
  waiting.send([record]);
  const outcome = await Promise.race([
    waiting.flush().then(
      () => 'written',
      ({ code }) => code,
    ),
    new Promise((resolve) => setTimeout(() => resolve('waiting'), 600)),
  ]);
  expect(outcome).toBe('waiting');
  await nowhere.close();
});
