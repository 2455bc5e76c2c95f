import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { conforms, target, uniqueName } from '../conformance/target.ts';
import { writeAroundAnAbort } from '../conformance/transactional-requests.ts';
import { withClient } from './client-program.ts';
import { kafkaTools, kafkaToolsProgram, linesOf, rowsOf } from './kafka-tools.ts';

const t = target();
const notYetMs = 8_000;

withClient(kafkaToolsProgram, () => {
  const tool = kafkaTools(t);
  const produce = async (topic: string, input: string, ...args: string[]) => {
    const { status, err } = await tool('produce', ['--topic', topic, ...args], input);
    expect(err).not.toContain('ERROR');
    expect(status).toBe(0);
  };
  /** Reads so many records, from the beginning unless told otherwise. */
  const consume = async (topic: string, count: number, ...args: string[]) => {
    const start = args.includes('--offset') || args.includes('--group') ? [] : ['--from-beginning'];
    const limits = ['--max-messages', String(count), '--timeout-ms', String(notYetMs)];
    return linesOf((await tool('consume', ['--topic', topic, ...start, ...limits, ...args])).out);
  };
  const inTransaction = (topic: string, transactionalId: string) =>
    tool('produceMany', [
      ...['--topic', topic, '--num-records', '10', '--record-size', '20', '--throughput', '-1'],
      ...['--transactional-id', transactionalId, '--transaction-duration-ms', '10000'],
    ]);

  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    conforms(`the console consumer reads what the console producer wrote with compression ${codec}`, async () => {
      const topic = await t.topic();
      const lines = Array.from({ length: 200 }, (_, i) => `value ${i} of ${codec}`);
      await produce(topic, `${lines.join('\n')}\n`, '--compression-codec', codec);
      expect(await consume(topic, lines.length)).toEqual(lines);
    });
  }

  conforms('keys, headers, partitions, offsets and times come as they went', async () => {
    const topic = await t.topic(2);
    const properties = ['parse.key=true', 'parse.headers=true'].flatMap((one) => ['--property', one]);
    await produce(topic, 'h1:v1,h2:v2\tkey\tone\nh1:v1\tkey\ttwo\n', ...properties);
    const prints = ['timestamp', 'key', 'headers', 'partition', 'offset'];
    const shown = await consume(topic, 2, ...prints.flatMap((one) => ['--property', `print.${one}=true`]));
    const [first = [], second = []] = shown.map((line) => line.split('\t'));
    expect(first.slice(2)).toEqual(['Offset:0', 'h1:v1,h2:v2', 'key', 'one']);
    expect(second.slice(2)).toEqual(['Offset:1', 'h1:v1', 'key', 'two']);
    expect(first[0]).toMatch(/^CreateTime:\d{13}$/);
    expect(first[1]).toBe(second[1]);
  });

  conforms('the console consumer begins at an offset, and in a group where the group was', async () => {
    const topic = await t.topic();
    const group = await t.group();
    await produce(topic, 'one\ntwo\nthree\n');
    expect(await consume(topic, 2, '--partition', '0', '--offset', '1')).toEqual(['two', 'three']);
    const inGroup = (count: number) =>
      consume(topic, count, '--group', group, '--consumer-property', 'auto.offset.reset=earliest');
    expect(await inGroup(2)).toEqual(['one', 'two']);
    expect(await inGroup(1)).toEqual(['three']);
  });

  conforms('a read_committed console consumer leaves out what was aborted', async () => {
    const topic = await t.topic();
    const producer = t.kafka({ retry: { initialRetryTime: 20, retries: 20 } }).producer({
      transactionalId: uniqueName('tx'),
      maxInFlightRequests: 1,
    });
    await producer.connect();
    await writeAroundAnAbort(producer, topic);
    await producer.disconnect();
    expect(await consume(topic, 2, '--isolation-level', 'read_committed')).toEqual(['a', 'c']);
    expect(await consume(topic, 3)).toEqual(['a', 'b', 'c']);
  });

  conforms('kafka-get-offsets and kafka-delete-records agree on where a partition begins and ends', async () => {
    const topic = await t.topic();
    await produce(topic, 'one\ntwo\nthree\n');
    const offsetAt = async (time: string) => (await tool('offsets', ['--topic', topic, '--time', time])).out.trim();
    expect(await offsetAt('latest')).toBe(`${topic}:0:3`);
    expect(await offsetAt('earliest')).toBe(`${topic}:0:0`);
    expect(await offsetAt('0')).toBe(`${topic}:0:0`);
    expect(await offsetAt('max-timestamp')).toMatch(/:[012]$/);
    const plan = { partitions: [{ topic, partition: 0, offset: 2 }], version: 1 };
    const folder = await mkdtemp(join(tmpdir(), 'millrace-delete-records-'));
    await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
    const { out } = await tool('deleteRecords', ['--offset-json-file', join(folder, 'plan.json')]);
    await rm(folder, { recursive: true });
    expect(out).toContain(`partition: ${topic}-0\tlow_watermark: 2\n`);
    expect(await offsetAt('earliest')).toBe(`${topic}:0:2`);
    expect(await consume(topic, 1)).toEqual(['three']);
  });

  conforms('the performance tools write and read their thousands', async () => {
    const topic = await t.topic(2);
    const load = ['--topic', topic, '--num-records', '5000', '--record-size', '100', '--throughput', '-1'];
    expect((await tool('produceMany', load)).out).toMatch(/^5000 records sent/m);
    const [, figures = []] = rowsOf((await tool('consumeMany', ['--topic', topic, '--messages', '5000'])).out);
    expect(figures.join(' ').split(', ')[4]).toBe('5000');
  });

  conforms('kafka-transactions shows transactions, their producers and none that hangs', async () => {
    const topic = await t.topic();
    const id = uniqueName('tx');
    expect((await inTransaction(topic, id)).out).toMatch(/^10 records sent/m);
    const listed = rowsOf((await tool('transactions', ['list'])).out).find(([name]) => name === id);
    expect(listed).toMatchObject([id, '1', expect.stringMatching(/^\d+$/), 'CompleteCommit']);
    const [, described = []] = rowsOf((await tool('transactions', ['describe', '--transactional-id', id])).out);
    expect(described.slice(0, 3)).toEqual(['1', id, listed?.[2]]);
    expect(described.slice(4, 6)).toEqual(['CompleteCommit', '60000']);
    const producers = await tool('transactions', ['describe-producers', '--topic', topic, '--partition', '0']);
    const [, producer = []] = rowsOf(producers.out);
    expect([producer[0], producer.at(-1)]).toEqual([listed?.[2], 'None']);
    const hanging = await tool('transactions', ['find-hanging', '--broker-id', '1', '--topic', topic]);
    expect([hanging.status, linesOf(hanging.out).length]).toEqual([0, 1]);
    const unknown = await tool('transactions', ['describe', '--transactional-id', uniqueName('never')]);
    expect(unknown.err).toContain('failed because the ID could not be found');
  });

  conforms('kafka-log-dirs tells how large a partition is', async () => {
    const topic = await t.topic();
    await produce(topic, `${'x'.repeat(5_000)}\n`);
    const { out } = await tool('logDirs', ['--describe', '--topic-list', topic]);
    const { brokers } = JSON.parse(linesOf(out).at(-1) ?? '');
    const [{ partition, size }] = brokers[0].logDirs[0].partitions;
    expect(partition).toBe(`${topic}-0`);
    expect(size).toBeGreaterThan(5_000);
  });
});
