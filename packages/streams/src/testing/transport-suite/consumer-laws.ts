import { expect, test } from 'vitest';
import { type ProducedRecord, partitionId } from '../../transport/record.ts';
import { type TransportRig, text } from './transport-rig.ts';

/** How a member of a group reads, and goes on from what was committed. */
export const consumerLaws = ({ client, topicOf, produce, member }: TransportRig): void => {
  test('a new group starts at the earliest record, or at the latest', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    await produce(transport, [text(topic, 'k', 'before')]);
    const early = await member(transport, [topic], { groupId: `${topic}-early` });
    const late = await member(transport, [topic], { groupId: `${topic}-late`, startFrom: 'latest' });
    expect(late.assignments[0]?.partitions).toMatchObject([{ topic, partition: 0, position: 1n, committed: null }]);
    await produce(transport, [text(topic, 'k', 'after')]);
    await Promise.all([early.until(() => early.records.length === 2), late.until(() => late.records.length === 1)]);
    expect([early.values, late.values]).toEqual([['before', 'after'], ['after']]);
  });

  test('topics that start at their first record do so whatever the others start from, also where a position lies beyond the log', async () => {
    const transport = await client();
    const [inner, outer] = [await topicOf(transport), await topicOf(transport)];
    await produce(transport, [text(inner, 'k', 'inner'), text(outer, 'k', 'outer')]);
    const options = { groupId: inner, startFrom: 'latest', fromEarliest: [inner] } as const;
    const got = await member(transport, [inner, outer], options);
    const starts = new Map(got.assignments[0]?.partitions.map(({ topic, position }) => [topic, position]));
    expect([starts.get(inner), starts.get(outer)]).toEqual([0n, 1n]);
    await got.until(() => got.records.length === 1);
    for (const topic of [inner, outer]) got.consumer.seek({ topic, partition: 0 }, 900n);
    await got.until(() => got.outOfRanges.length === 2 && got.records.length === 2);
    expect(got.values).toEqual(['inner', 'inner']);
    expect(got.outOfRanges.map(({ resetTo }) => resetTo).sort()).toEqual([0n, 1n]);
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
    expect(second.assignments[0]?.partitions).toMatchObject([{ topic, partition: 0, position: 2n, committed: 2n }]);
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

  test('[K4] what is there never waits for what is not: a partition that is resumed, or just read to its end, beside the long poll of another', async () => {
    const transport = await client();
    const topic = await topicOf(transport, 2);
    const [hot, quiet] = [0, 1].map((partition) => (value: string) => ({ ...text(topic, 'k', value), partition }));
    const got = await member(transport, [topic], { groupId: topic, maxWaitMs: 60_000 }, (consumer) => {
      consumer.onAssigned = async () => consumer.consumer.pause([{ topic, partition: 0 }]);
    });
    const arrives = async (record: ProducedRecord | undefined): Promise<void> => {
      if (record !== undefined) await produce(transport, [record]);
      await got.until(() => got.values.includes(record?.value?.toString() ?? ''));
      // A turn later the next fetch is under way.
      await new Promise((resolve) => setImmediate(resolve));
    };
    await arrives(quiet?.('q1'));
    if (hot !== undefined) await produce(transport, [hot('h1')]);
    got.consumer.resume([{ topic, partition: 0 }]);
    await got.until(() => got.values.includes('h1'));
    for (const record of [hot?.('h2'), quiet?.('q2'), hot?.('h3'), quiet?.('q3')]) await arrives(record);
    expect(got.values).toEqual(['q1', 'h1', 'h2', 'q2', 'h3', 'q3']);
  });

  test('[K4] a partition that is paused at each of its batches, and resumed later, gives every record once, in order', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    const values = Array.from({ length: 600 }, (_, i) => String(i));
    for (let from = 0; from < values.length; from += 20) {
      await produce(
        transport,
        values.slice(from, from + 20).map((value) => text(topic, 'k', value)),
      );
    }
    const got = await member(transport, [topic], { groupId: topic, maxBytesPerPartition: 2_000 }, (consumer) => {
      consumer.onBatch = () => {
        consumer.consumer.pause([{ topic, partition: 0 }]);
        setImmediate(() => consumer.consumer.resume([{ topic, partition: 0 }]));
      };
    });
    await got.until(() => got.records.length >= values.length);
    expect(got.values).toEqual(values);
    expect(got.batches.length).toBeGreaterThan(1);
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

  test('[P5] a position beyond the log is told, with where reading went on: at the end, since all that it has was read', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    await produce(transport, [text(topic, 'k', '0'), text(topic, 'k', '1')]);
    const got = await member(transport, [topic], { groupId: topic }, (consumer) => {
      consumer.onAssigned = async () => consumer.consumer.seek({ topic, partition: 0 }, 900n);
    });
    await got.until(() => got.outOfRanges.length > 0);
    expect(got.outOfRanges[0]).toMatchObject({ position: 900n, resetTo: 2n });
    await produce(transport, [text(topic, 'k', '2')]);
    await got.until(() => got.records.length === 1);
    expect(got.values).toEqual(['2']);
  });

  test('[P5] what was deleted before it was read is told, and reading goes on at the first record that is left', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    await produce(
      transport,
      ['0', '1', '2', '3'].map((value) => text(topic, 'k', value)),
    );
    await transport.admin().deleteRecords([{ topic, partition: 0, offset: 3n }]);
    const got = await member(transport, [topic], { groupId: topic, startFrom: 'latest' }, (consumer) => {
      consumer.onAssigned = async () => consumer.consumer.seek({ topic, partition: 0 }, 1n);
    });
    await got.until(() => got.records.length === 1);
    expect(got.outOfRanges).toEqual([{ position: 1n, resetTo: 3n }]);
    expect(got.values).toEqual(['3']);
  });

  test('stopping twice is stopping once', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    const a = await member(transport, [topic], { groupId: topic });
    await a.consumer.stop();
    await a.consumer.stop();
    expect(a.log.filter((line) => line.startsWith('revoked')).length).toBe(1);
  });
};
