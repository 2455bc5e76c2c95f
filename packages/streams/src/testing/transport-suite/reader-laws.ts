import { expect, test } from 'vitest';
import { seenRecords } from '../recording-consumer.ts';
import { type TransportRig, text } from './transport-rig.ts';

/** How every driver reads partitions without a group. */
export const readerLaws = ({ client, topicOf, produce, readAll }: TransportRig): void => {
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
      expect(records.filter((record) => record.partition === partition).map((record) => Number(record.offset))).toEqual(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
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

  test('a tail of a topic that is deleted and made anew does not go on in the other log: it says so', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    await produce(transport, [text(topic, 'k', 'old')]);
    const [described] = await transport.admin().describeTopics([topic]);
    const values: (string | null)[] = [];
    const tailing = (async () => {
      const start = { topic, partition: 0, from: 0n, topicId: described?.id ?? '' };
      for await (const batch of transport.reader().tail([start], new AbortController().signal)) {
        values.push(...seenRecords(batch).map((record) => record.value));
        if (values.length > 1) continue;
        await transport.admin().deleteTopics([topic]);
        await transport.admin().createTopics([{ name: topic, partitions: 1, replication: 1 }]);
        await produce(transport, [text(topic, 'k', 'a'), text(topic, 'k', 'b')]);
      }
    })();
    await expect(tailing).rejects.toMatchObject({ code: 'unknown-topic', retriable: true });
    expect(values).toEqual(['old']);
  });
};
