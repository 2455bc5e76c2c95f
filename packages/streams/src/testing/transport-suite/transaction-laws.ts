import { expect, test } from 'vitest';
import { seenRecords } from '../recording-consumer.ts';
import { type TransportRig, text } from './transport-rig.ts';

/** How every driver reads what transactions of other programs wrote. */
export const transactionLaws = ({ client, topicOf, produce, member, readAll, begin }: TransportRig): void => {
  test('[K3] of transactions only what was committed is read, by a group and by a reader, and positions go past the rest', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    await produce(transport, [text(topic, 'k', 'plain')]);
    const [first, second] = [await begin(topic), await begin(topic)];
    await first.send(['aborted 1', 'aborted 2']);
    await second.send(['committed 1']);
    await first.send(['aborted 3']);
    await first.abort();
    await second.send(['committed 2']);
    await second.commit();
    const got = await member(transport, [topic], { groupId: topic });
    await got.until(() => got.records.length >= 3 && got.batches.at(-1)?.nextOffset === 8n);
    expect(got.values).toEqual(['plain', 'committed 1', 'committed 2']);
    expect(got.records.map(({ offset }) => offset)).toEqual([0n, 3n, 6n]);
    expect(got.batches.at(-1)?.highWatermark).toBe(8n);
    const read = await readAll(transport.reader().read([{ topic, partition: 0, from: 0n }]));
    expect(read.map(({ value }) => value)).toEqual(got.values);
  });

  test('[K3] an open transaction holds back itself and all behind it, and the end is its first record, until it has ended', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    await produce(transport, [text(topic, 'k', 'before')]);
    const open = await begin(topic);
    await open.send(['held']);
    await produce(transport, [text(topic, 'k', 'behind')]);
    const end = async () => (await transport.admin().offsets(topic))[0]?.latest;
    expect(await end()).toBe(1n);
    const got = await member(transport, [topic], { groupId: topic });
    await got.until(() => got.records.length > 0);
    expect(got.values).toEqual(['before']);
    expect(got.batches.at(-1)?.highWatermark).toBe(1n);
    expect(await readAll(transport.reader().read([{ topic, partition: 0, from: 0n }]))).toHaveLength(1);
    await open.commit();
    await got.until(() => got.records.length === 3);
    expect(got.values).toEqual(['before', 'held', 'behind']);
    expect(await end()).toBe(4n);
  });

  test('[K3] a tail goes on behind what was aborted', async () => {
    const transport = await client();
    const topic = await topicOf(transport);
    const abort = new AbortController();
    const values: (string | null)[] = [];
    await produce(transport, [text(topic, 'k', '1')]);
    for await (const batch of transport.reader().tail([{ topic, partition: 0, from: 0n }], abort.signal)) {
      values.push(...seenRecords(batch).map((record) => record.value));
      if (values.length === 2) abort.abort();
      if (values.length !== 1) continue;
      const aborted = await begin(topic);
      await aborted.send(['aborted']);
      await aborted.abort();
      await produce(transport, [text(topic, 'k', '2')]);
    }
    expect(values).toEqual(['1', '2']);
  });

  test('[K3] a topic may be read uncommitted: with what is open and what was aborted, beside one that is not', async () => {
    const transport = await client();
    const [all, committed] = [await topicOf(transport), await topicOf(transport)];
    for (const topic of [all, committed]) {
      const aborted = await begin(topic);
      await aborted.send(['aborted']);
      await aborted.abort();
      await (await begin(topic)).send(['open']);
    }
    await produce(transport, [text(committed, 'k', 'behind')]);
    const got = await member(transport, [all, committed], { groupId: all, uncommitted: [all] });
    await got.until(() => got.records.length === 2 && got.batches.some(({ topic }) => topic === committed));
    expect(got.records.map(({ topic, value }) => [topic, value])).toEqual([
      [all, 'aborted'],
      [all, 'open'],
    ]);
    const ends = [await transport.admin().offsets(all, { uncommitted: true }), await transport.admin().offsets(all)];
    expect(ends.map(([partition]) => partition?.latest)).toEqual([3n, 2n]);
    const read = await readAll(transport.reader().read([{ topic: all, partition: 0, from: 0n, uncommitted: true }]));
    expect(read.map(({ value }) => value)).toEqual(['aborted', 'open']);
  });
};
