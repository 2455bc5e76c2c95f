import { expect, test } from 'vitest';
import { partitionOfKey } from '../../transport/partitioner.ts';
import { type TransportRig, text } from './transport-rig.ts';

/** How every driver writes. */
export const producerLaws = ({ client, topicOf, produce, member, readAll }: TransportRig): void => {
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

  test('headers in their order, timestamps, null keys and null values come back as they were', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    await produce(transport, [
      {
        topic,
        key: null,
        value: Buffer.from('v'),
        timestampMs: 1_700_000_000_123,
        headers: [
          ['b', Buffer.from('1')],
          ['a', null],
          ['b', Buffer.from([0xff, 0])],
          ['__proto__', Buffer.alloc(0)],
          ['b', Buffer.from('ü')],
        ],
      },
      { topic, key: Buffer.from('gone'), value: null, timestampMs: 1 },
      { topic, key: Buffer.alloc(0), value: Buffer.alloc(0), timestampMs: 0 },
    ]);
    const records = await readAll(transport.reader().read([{ topic, partition: 0, from: 0n }]));
    expect(records.map(({ key, value, timestampMs, headers }) => ({ key, value, timestampMs, headers }))).toEqual([
      {
        key: null,
        value: 'v',
        timestampMs: 1_700_000_000_123,
        headers: [
          ['b', '1'],
          ['a', null],
          ['b', '\ufffd\0'],
          ['__proto__', ''],
          ['b', 'ü'],
        ],
      },
      { key: 'gone', value: null, timestampMs: 1, headers: [] },
      { key: '', value: '', timestampMs: 0, headers: [] },
    ]);
  });

  test('[C9] of a batch one record that is too large is handed back, before the flush resolves, and the others are written in order', async () => {
    const transport = await client();
    const topic = await topicOf(transport, 1, { 'max.message.bytes': '20000' });
    const refused: string[] = [];
    const producer = transport.producer({
      tooLarge: (record, refusal) => refused.push(`${record.key} ${record.making} ${refusal.code}`),
    });
    const record = (key: string, size: number) => ({
      topic,
      partition: 0,
      key: Buffer.from(key),
      value: Buffer.alloc(size, key),
      timestampMs: 0,
      making: 'by us',
    });
    producer.send([
      ...Array.from({ length: 8 }, (_, at) => record(`a${at}`, 4_000)),
      record('huge', 30_000),
      ...Array.from({ length: 8 }, (_, at) => record(`b${at}`, 4_000)),
    ]);
    await producer.flush();
    expect(refused).toEqual(['huge by us record-too-large']);
    producer.send([record('c', 10)]);
    await producer.flush();
    await producer.close();
    const records = await readAll(transport.reader().read([{ topic, partition: 0, from: 0n }]));
    expect(records.map(({ key }) => key)).toEqual([
      ...Array.from({ length: 8 }, (_, at) => `a${at}`),
      ...Array.from({ length: 8 }, (_, at) => `b${at}`),
      'c',
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
};
