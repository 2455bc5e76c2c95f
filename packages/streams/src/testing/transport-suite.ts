import { afterEach, describe, expect, test } from 'vitest';
import type { GroupConsumerOptions } from '../transport/group-consumer.ts';
import { partitionOfKey } from '../transport/partitioner.ts';
import { type ProducedRecord, partitionId, type RecordBatch } from '../transport/record.ts';
import type { Transport } from '../transport/transport.ts';
import { RecordingConsumer, type SeenRecord, seenRecords } from './recording-consumer.ts';

/**
 * The behaviour that every driver must have. `connect` is called inside tests, for a new client of one cluster each time; what it returns is
 * closed after the test. Topics and groups get names of their own, so that the cluster may be a shared one.
 */
export const transportSuite = (name: string, connect: () => Transport | Promise<Transport>): void => {
  describe(`transport: ${name}`, () => {
    const open: Transport[] = [];
    const consumers: RecordingConsumer[] = [];
    afterEach(async () => {
      await Promise.all(consumers.splice(0).map(({ consumer }) => consumer.stop()));
      await Promise.all(open.splice(0).map((transport) => transport.close()));
    });

    const client = async (): Promise<Transport> => {
      const transport = await connect();
      open.push(transport);
      return transport;
    };
    const topicOf = async (transport: Transport, partitions = 1, configs?: Record<string, string>): Promise<string> => {
      const topic = `suite-${crypto.randomUUID()}`;
      await transport
        .admin()
        // The records are old: a broker with Kafka's week of retention would drop them in mid-test.
        .createTopics([{ name: topic, partitions, replication: 1, configs: { 'retention.ms': '-1', ...configs } }]);
      return topic;
    };
    const produce = async (transport: Transport, records: readonly ProducedRecord[]): Promise<void> => {
      const producer = transport.producer();
      producer.send(records);
      await producer.flush();
      await producer.close();
    };
    const member = async (
      transport: Transport,
      topics: readonly string[] | readonly (readonly string[])[],
      options: Partial<GroupConsumerOptions> & Pick<GroupConsumerOptions, 'groupId'>,
      prepare: (consumer: RecordingConsumer) => void = () => {},
    ): Promise<RecordingConsumer> => {
      const copartitioned = topics.map((topic) => (typeof topic === 'string' ? [topic] : topic));
      const recording = new RecordingConsumer(transport, { ...options, copartitioned });
      consumers.push(recording);
      prepare(recording);
      await recording.consumer.start();
      return recording;
    };
    const readAll = async (batches: AsyncIterable<RecordBatch>): Promise<SeenRecord[]> => {
      const records: SeenRecord[] = [];
      for await (const batch of batches) records.push(...seenRecords(batch));
      return records;
    };

    test('a cluster tells its brokers', async () => {
      const cluster = await (await client()).admin().describeCluster();
      expect(cluster.brokers.length).toBeGreaterThan(0);
    });

    test('a topic is created once, described and listed; one that does not exist is left out', async () => {
      const transport = await client();
      const admin = transport.admin();
      const topic = await topicOf(transport, 3);
      expect(await admin.createTopics([{ name: topic, partitions: 7, replication: 1 }])).toEqual([]);
      expect(await admin.describeTopics([topic, 'no-such-topic'])).toMatchObject([
        { name: topic, partitions: 3, internal: false },
      ]);
      expect(await admin.listTopics()).toContain(topic);
    });

    test("a topic's settings can be read", async () => {
      const transport = await client();
      const topic = await topicOf(transport, 1, { 'cleanup.policy': 'compact' });
      expect((await transport.admin().topicConfigs(topic))['cleanup.policy']).toBe('compact');
    });

    test('a deleted topic is no longer described', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      await transport.admin().deleteTopics([topic]);
      await expect.poll(() => transport.admin().describeTopics([topic]), { timeout: 10_000 }).toEqual([]);
    });

    test('records of a partition come in the order in which they were sent, with rising offsets', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      const producer = transport.producer();
      for (let i = 0; i < 300; i++) producer.send([text(topic, 'k', String(i))]);
      await producer.flush();
      const got = await member(transport, [topic], { groupId: topic });
      await got.until(() => got.records.length >= 300);
      expect(got.values).toEqual(Array.from({ length: 300 }, (_, i) => String(i)));
      expect(got.records.map((record) => record.offset)).toEqual(Array.from({ length: 300 }, (_, i) => BigInt(i)));
      expect(got.batches.at(-1)?.nextOffset).toBe(300n);
      expect(got.batches.at(-1)?.highWatermark).toBe(300n);
    });

    test("a key goes to the partition that Java's murmur2 gives it", async () => {
      const transport = await client();
      const topic = await topicOf(transport, 7);
      const keys = [
        '21',
        'foobar',
        'a-little-bit-long-string',
        'a-little-bit-longer-string',
        'lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8',
        'ü',
        '',
      ];
      await produce(
        transport,
        keys.map((key) => text(topic, key, key)),
      );
      const records = await readAll(
        transport.reader().read(Array.from({ length: 7 }, (_, partition) => ({ topic, partition, from: 0n }))),
      );
      expect(Object.fromEntries(records.map((record) => [record.value, record.partition]))).toEqual(
        Object.fromEntries(keys.map((key) => [key, partitionOfKey(Buffer.from(key), 7)])),
      );
    });

    test('a partition that is named is taken; records without a key go to some partition each', async () => {
      const transport = await client();
      const topic = await topicOf(transport, 4);
      await produce(transport, [
        { ...text(topic, 'k', 'named'), partition: 3 },
        text(topic, null, 'a'),
        text(topic, null, 'b'),
      ]);
      const offsets = await transport.admin().offsets(topic);
      expect(offsets.reduce((sum, { latest }) => sum + latest, 0n)).toBe(3n);
      expect(await readAll(transport.reader().read([{ topic, partition: 3, from: 0n, to: 1n }]))).toMatchObject([
        { value: 'named' },
      ]);
    });

    test('headers, timestamps, null keys and null values come back as they were', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      await produce(transport, [
        {
          topic,
          key: null,
          value: Buffer.from('v'),
          timestampMs: 1_700_000_000_123,
          headers: { 'millrace.kind': 'decode', bytes: Buffer.from('ü') },
        },
        { topic, key: Buffer.from('gone'), value: null, timestampMs: 1 },
        { topic, key: Buffer.alloc(0), value: Buffer.alloc(0), timestampMs: 0 },
      ]);
      const records = await readAll(transport.reader().read([{ topic, partition: 0, from: 0n }]));
      expect(records.map(({ key, value, timestampMs, headers }) => ({ key, value, timestampMs, headers }))).toEqual([
        { key: null, value: 'v', timestampMs: 1_700_000_000_123, headers: { 'millrace.kind': 'decode', bytes: 'ü' } },
        { key: 'gone', value: null, timestampMs: 1, headers: {} },
        { key: '', value: '', timestampMs: 0, headers: {} },
      ]);
    });

    test('a record of 700 kB comes through', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      const value = 'x'.repeat(700_000);
      await produce(transport, [text(topic, 'big', value), text(topic, 'small', 'after')]);
      const got = await member(transport, [topic], { groupId: topic });
      await got.until(() => got.records.length >= 2);
      expect(got.values).toEqual([value, 'after']);
    });

    test('a flush says what became of the records before it', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      const producer = transport.producer();
      producer.send(Array.from({ length: 1_000 }, (_, i) => text(topic, String(i), String(i))));
      expect(producer.bufferedBytes).toBeGreaterThan(0);
      await producer.flush();
      expect(producer.bufferedBytes).toBe(0);
      expect((await transport.admin().offsets(topic))[0]?.latest).toBe(1_000n);
    });

    test('a producer above its bound is full until it has drained', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      const producer = transport.producer({ maxBufferedBytes: 1_000 });
      producer.send(Array.from({ length: 100 }, (_, i) => text(topic, 'k', 'x'.repeat(100) + i)));
      expect(producer.full).toBe(true);
      await producer.drained();
      expect(producer.full).toBe(false);
      await producer.flush();
    });

    test('a new group starts at the earliest record, or at the latest', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      await produce(transport, [text(topic, 'k', 'before')]);
      const early = await member(transport, [topic], { groupId: `${topic}-early` });
      const late = await member(transport, [topic], { groupId: `${topic}-late`, startFrom: 'latest' });
      expect(late.assignments[0]?.partitions).toEqual([{ topic, partition: 0, position: 1n, committed: null }]);
      await produce(transport, [text(topic, 'k', 'after')]);
      await Promise.all([early.until(() => early.records.length === 2), late.until(() => late.records.length === 1)]);
      expect([early.values, late.values]).toEqual([['before', 'after'], ['after']]);
    });

    test('a group goes on from what it committed', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      await produce(
        transport,
        ['0', '1', '2', '3'].map((value) => text(topic, 'k', value)),
      );
      const first = await member(transport, [topic], { groupId: topic });
      await first.until(() => first.records.length === 4);
      await first.consumer.commit([{ topic, partition: 0, offset: 2n }]);
      await first.consumer.stop();
      expect((await transport.admin().committed(topic, [{ topic, partition: 0 }])).get(partitionId(topic, 0))).toBe(2n);
      const second = await member(transport, [topic], { groupId: topic });
      expect(second.assignments[0]?.partitions).toEqual([{ topic, partition: 0, position: 2n, committed: 2n }]);
      await second.until(() => second.records.length === 2);
      expect(second.values).toEqual(['2', '3']);
    });

    test('what was committed with an offset is told with it; a commit without takes it away', async () => {
      const transport = await client();
      const topic = await topicOf(transport, 2);
      const committing = async (...metadata: readonly { readonly metadata?: string }[]) => {
        const got = await member(transport, [topic], { groupId: topic });
        await got.consumer.commit(metadata.map((said, partition) => ({ topic, partition, offset: 0n, ...said })));
        await got.consumer.stop();
        const next = await member(transport, [topic], { groupId: topic });
        const told = next.assignments[0]?.partitions ?? [];
        await next.consumer.stop();
        return [...told].sort((a, b) => a.partition - b.partition).map((partition) => partition.metadata);
      };
      expect(await committing({ metadata: 'ä 1' }, {})).toEqual(['ä 1', undefined]);
      expect(await committing({}, { metadata: '2' })).toEqual([undefined, '2']);
    });

    test('what a group has not committed is told as -1', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      expect(
        (await transport.admin().committed(`${topic}-nobody`, [{ topic, partition: 0 }])).get(partitionId(topic, 0)),
      ).toBe(-1n);
    });

    test('a paused partition brings nothing while the others go on; resumed, it misses nothing', async () => {
      const transport = await client();
      const topic = await topicOf(transport, 2);
      const got = await member(transport, [topic], { groupId: topic }, (consumer) => {
        consumer.onAssigned = async () => consumer.consumer.pause([{ topic, partition: 0 }]);
      });
      await produce(
        transport,
        ['a', 'b'].flatMap((value) => [0, 1].map((partition) => ({ ...text(topic, 'k', value), partition }))),
      );
      await got.until(() => got.records.length === 2);
      await produce(transport, [{ ...text(topic, 'k', 'c'), partition: 1 }]);
      await got.until(() => got.records.length === 3);
      expect(got.records.map((record) => record.partition)).toEqual([1, 1, 1]);
      got.consumer.resume([{ topic, partition: 0 }]);
      await got.until(() => got.records.length === 5);
      expect(got.records.filter((record) => record.partition === 0).map((record) => record.value)).toEqual(['a', 'b']);
    });

    test('a seek while assigned decides where reading begins', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      await produce(
        transport,
        ['0', '1', '2', '3'].map((value) => text(topic, 'k', value)),
      );
      const got = await member(transport, [topic], { groupId: topic }, (consumer) => {
        consumer.onAssigned = async () => consumer.consumer.seek({ topic, partition: 0 }, 3n);
      });
      await got.until(() => got.records.length > 0);
      expect(got.records[0]?.offset).toBe(3n);
    });

    test('a seek on a paused partition counts when it is resumed', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      await produce(
        transport,
        ['0', '1', '2', '3'].map((value) => text(topic, 'k', value)),
      );
      const got = await member(transport, [topic], { groupId: topic }, (consumer) => {
        consumer.onAssigned = async () => consumer.consumer.pause([{ topic, partition: 0 }]);
      });
      got.consumer.seek({ topic, partition: 0 }, 2n);
      got.consumer.resume([{ topic, partition: 0 }]);
      await got.until(() => got.records.some((record) => record.offset === 3n));
      expect(got.values).toEqual(['2', '3']);
    });

    test('a position beyond the log is told, with where reading went on', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      await produce(transport, [text(topic, 'k', '0'), text(topic, 'k', '1')]);
      const got = await member(transport, [topic], { groupId: topic }, (consumer) => {
        consumer.onAssigned = async () => consumer.consumer.seek({ topic, partition: 0 }, 900n);
      });
      await got.until(() => got.outOfRanges.length > 0);
      expect(got.outOfRanges[0]).toMatchObject({ position: 900n, resetTo: 0n });
      await got.until(() => got.records.length === 2);
    });

    test('two members divide copartitioned topics so that partition n of each is with one of them', async () => {
      const transport = await client();
      const [left, right] = [await topicOf(transport, 4), await topicOf(transport, 4)];
      const a = await member(transport, [[left, right]], { groupId: left });
      expect(a.held.length).toBe(8);
      const b = await member(await client(), [[left, right]], { groupId: left });
      await Promise.all([a.until(() => a.held.length === 4), b.until(() => b.held.length === 4)]);
      const numbers = (recording: RecordingConsumer, topic: string) =>
        recording.held.filter((id) => id.startsWith(topic)).map((id) => id.slice(topic.length + 1));
      expect(numbers(a, left)).toEqual(numbers(a, right));
      expect(numbers(b, left)).toEqual(numbers(b, right));
      expect([...a.held, ...b.held].sort()).toEqual([...new Set([...a.held, ...b.held])].sort());
    });

    test('a member keeps what it held when another joins, as far as the balance allows, and when it leaves', async () => {
      const transport = await client();
      const topic = await topicOf(transport, 4);
      const a = await member(transport, [topic], { groupId: topic });
      const b = await member(await client(), [topic], { groupId: topic });
      await a.until(() => a.held.length === 2);
      const kept = a.held;
      const c = await member(await client(), [topic], { groupId: topic });
      await Promise.all([a.until(() => a.assignments.length === 3), b.until(() => b.assignments.length === 2)]);
      for (const id of a.held) expect(kept).toContain(id);
      await c.consumer.stop();
      await a.until(() => a.assignments.length === 4);
      expect(a.held).toEqual(kept);
    });

    test('a member is told what is revoked before what is assigned, and its last commit counts', async () => {
      const transport = await client();
      const topic = await topicOf(transport, 2);
      await produce(
        transport,
        [0, 1].map((partition) => ({ ...text(topic, 'k', `p${partition}`), partition })),
      );
      const a = await member(transport, [topic], { groupId: topic }, (consumer) => {
        consumer.onRevoked = async (partitions) => {
          await consumer.consumer.commit(partitions.map((partition) => ({ ...partition, offset: 1n })));
        };
      });
      await a.until(() => a.records.length === 2);
      const b = await member(await client(), [topic], { groupId: topic });
      await a.until(() => a.log.length === 3);
      expect(a.log[1]).toBe(`revoked ${topic}/0 ${topic}/1`);
      expect(a.log[2]).toMatch(/^assigned /);
      expect(b.assignments.at(-1)?.partitions).toMatchObject([{ position: 1n, committed: 1n }]);
    });

    test('a member that leaves hands over everything', async () => {
      const transport = await client();
      const topic = await topicOf(transport, 3);
      const a = await member(transport, [topic], { groupId: topic });
      const b = await member(await client(), [topic], { groupId: topic });
      await b.until(() => b.held.length > 0);
      await a.consumer.stop();
      await b.until(() => b.held.length === 3);
      expect(a.log.at(-1)).toMatch(/^revoked /);
    });

    test('stopping twice is stopping once', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      const a = await member(transport, [topic], { groupId: topic });
      await a.consumer.stop();
      await a.consumer.stop();
      expect(a.log.filter((line) => line.startsWith('revoked')).length).toBe(1);
    });

    test('a member that does not give up its partitions in time is put out, and its commits are refused', async () => {
      const transport = await client();
      const topic = await topicOf(transport, 2);
      let release: () => void = () => {};
      const refused: unknown[] = [];
      const a = await member(
        transport,
        [topic],
        { groupId: topic, rebalanceTimeoutMs: 1_000, sessionTimeoutMs: 6_000 },
        (consumer) => {
          consumer.onRevoked = async (_, lost) => {
            if (lost || refused.length > 0) return;
            await new Promise<void>((resolve) => {
              release = resolve;
            });
            await consumer.consumer
              .commit([{ topic, partition: 0, offset: 77n }])
              .catch((error: unknown) => refused.push(error));
          };
        },
      );
      const b = await member(await client(), [topic], {
        groupId: topic,
        rebalanceTimeoutMs: 1_000,
        sessionTimeoutMs: 6_000,
      });
      await b.until(() => b.held.length === 2);
      release();
      await a.until(() => a.assignments.length === 2);
      expect(refused).toMatchObject([{ name: 'TransportError', code: 'fenced' }]);
      expect((await transport.admin().committed(topic, [{ topic, partition: 0 }])).get(partitionId(topic, 0))).toBe(
        -1n,
      );
    });

    test('a reader reads its ranges, half open, and ends', async () => {
      const transport = await client();
      const topic = await topicOf(transport, 2);
      await produce(
        transport,
        Array.from({ length: 20 }, (_, i) => ({ ...text(topic, 'k', String(i)), partition: i % 2 })),
      );
      const records = await readAll(
        transport.reader().read([
          { topic, partition: 0, from: 2n, to: 5n },
          { topic, partition: 1, from: 8n },
        ]),
      );
      expect(
        records
          .filter((record) => record.partition === 0 && record.offset >= 2n && record.offset < 5n)
          .map((r) => r.value),
      ).toEqual(['4', '6', '8']);
      expect(records.filter((record) => record.partition === 1).map((record) => record.value)).toEqual(['17', '19']);
      expect(await readAll(transport.reader().read([{ topic, partition: 0, from: 10n }]))).toEqual([]);
    });

    test('a reader reads what 50 partitions hold', async () => {
      const transport = await client();
      const topic = await topicOf(transport, 50);
      await produce(
        transport,
        Array.from({ length: 500 }, (_, i) => ({ ...text(topic, 'k', String(i)), partition: i % 50 })),
      );
      const records = await readAll(
        transport.reader().read(Array.from({ length: 50 }, (_, partition) => ({ topic, partition, from: 0n }))),
      );
      expect(new Set(records.map((record) => record.value)).size).toBe(500);
      for (let partition = 0; partition < 50; partition++) {
        expect(
          records.filter((record) => record.partition === partition).map((record) => Number(record.offset)),
        ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      }
    });

    test('a tail goes on past the end until it is aborted', async () => {
      const transport = await client();
      const topic = await topicOf(transport);
      await produce(transport, [text(topic, 'k', 'old')]);
      const abort = new AbortController();
      const values: (string | null)[] = [];
      for await (const batch of transport.reader().tail([{ topic, partition: 0, from: 0n }], abort.signal)) {
        values.push(...seenRecords(batch).map((record) => record.value));
        if (values.length === 1) await produce(transport, [text(topic, 'k', 'new')]);
        if (values.length === 2) abort.abort();
      }
      expect(values).toEqual(['old', 'new']);
    });

    test('offsets are told by end and by time', async () => {
      const transport = await client();
      const topic = await topicOf(transport, 2);
      await produce(
        transport,
        [1_000, 2_000, 3_000].map((timestampMs) => ({ ...text(topic, 'k', 'v'), partition: 1, timestampMs })),
      );
      const admin = transport.admin();
      expect([...(await admin.offsets(topic))].sort((a, b) => a.partition - b.partition)).toEqual([
        { partition: 0, earliest: 0n, latest: 0n },
        { partition: 1, earliest: 0n, latest: 3n },
      ]);
      const forTime = async (timestampMs: number) =>
        (await admin.offsetsForTime(topic, timestampMs)).find(({ partition }) => partition === 1)?.offset;
      expect([await forTime(0), await forTime(1_500), await forTime(2_000), await forTime(9_000)]).toEqual([
        0n,
        1n,
        1n,
        3n,
      ]);
    });
  });
};

const text = (topic: string, key: string | null, value: string | null): ProducedRecord => ({
  topic,
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  timestampMs: 1_700_000_000_000,
});
