import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CompressionTypes } from 'kafkajs';
import { expect } from 'vitest';
import { conforms, target, uniqueName } from '../conformance/target.ts';
import { withClient } from './client-program.ts';

const run = promisify(execFile);
const t = target();

/** Runs kcat against the broker under test, `input` as its standard input; answers the lines it prints. */
async function kcat(args: readonly string[], input?: string): Promise<string[]> {
  const running = run('kcat', ['-b', t.brokers.join(','), ...args], { timeout: 20_000, maxBuffer: 64 * 1024 * 1024 });
  if (input !== undefined) running.child.stdin?.end(input);
  const { stdout } = await running;
  return stdout.split('\n').filter((line) => line !== '');
}

const produce = (topic: string, input: string, ...args: string[]) => kcat(['-P', '-t', topic, ...args], input);
/** Everything from the beginning, unless `-o` says otherwise, to the end. */
const consume = (topic: string, ...args: string[]) => kcat(['-C', '-t', topic, '-e', '-q', ...args]);

async function inTransaction(topic: string, value: string, verdict: 'commit' | 'abort'): Promise<void> {
  const producer = t
    .kafka({ retry: { initialRetryTime: 20, retries: 20 } })
    .producer({ transactionalId: uniqueName('tx'), maxInFlightRequests: 1 });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ value }] });
  await transaction[verdict]();
  await producer.disconnect();
}

withClient({ name: 'kcat', probe: ['kcat', '-V'] }, () => {
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    conforms(`kcat reads back what it wrote with compression ${codec}`, async () => {
      const topic = await t.topic(2);
      const lines = Array.from({ length: 2_000 }, (_, i) => `key${i}:value ${i}`);
      await produce(topic, `${lines.join('\n')}\n`, '-K', ':', '-z', codec);
      expect((await consume(topic, '-K', ':')).sort()).toEqual(lines.sort());
    });
  }

  for (const codec of ['none', 'gzip'] as const) {
    conforms(`KafkaJS reads what kcat wrote, and kcat what KafkaJS wrote, with compression ${codec}`, async () => {
      const [fromKcat, fromKafkaJs] = [await t.topic(), await t.topic()];
      const lines = Array.from({ length: 500 }, (_, i) => `value ${i}`);
      await produce(fromKcat, `${lines.join('\n')}\n`, '-z', codec);
      const consumer = t.kafka().consumer({ groupId: await t.group(), maxWaitTimeInMs: 100 });
      await consumer.connect();
      await consumer.subscribe({ topic: fromKcat, fromBeginning: true });
      const seen: string[] = [];
      await consumer.run({ eachMessage: async ({ message }) => void seen.push(String(message.value)) });
      await expect.poll(() => seen, { timeout: 15_000 }).toEqual(lines);
      await consumer.disconnect();
      const producer = t.kafka().producer();
      await producer.connect();
      const compression = codec === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None;
      await producer.send({ topic: fromKafkaJs, compression, messages: lines.map((value) => ({ value })) });
      await producer.disconnect();
      expect(await consume(fromKafkaJs)).toEqual(lines);
    });
  }

  conforms('kcat gets keys, headers and tombstones as it sent them', async () => {
    const topic = await t.topic();
    await produce(topic, 'k:one\n', '-K', ':', '-H', 'name=content', '-H', 'name=again');
    await produce(topic, 'k:\n', '-K', ':', '-Z');
    expect(await consume(topic, '-f', '%o %k %S %s [%h]\n')).toEqual([
      '0 k 3 one [name=content,name=again]',
      '1 k -1  []',
    ]);
  });

  conforms('kcat writes to the partition it is told, and one key goes to one partition', async () => {
    const topic = await t.topic(3);
    await produce(topic, 'two\n', '-p', '2');
    expect(await consume(topic, '-f', '%p %s\n')).toEqual(['2 two']);
    await produce(topic, Array.from({ length: 20 }, (_, i) => `key:${i}\n`).join(''), '-K', ':');
    const partitions = await consume(topic, '-f', '%k %p\n');
    expect(new Set(partitions.filter((line) => line.startsWith('key '))).size).toBe(1);
  });

  conforms('kcat finds offsets by time, and reads from and up to a time', async () => {
    const topic = await t.topic();
    const baseMs = Date.now() - 60_000;
    const producer = t.kafka().producer();
    await producer.connect();
    for (const i of [0, 1, 2]) {
      await producer.send({ topic, messages: [{ value: `v${i}`, timestamp: String(baseMs + i * 1_000) }] });
    }
    await producer.disconnect();
    const offsetAt = (time: number) => kcat(['-Q', '-t', `${topic}:0:${time}`]);
    expect(await offsetAt(baseMs + 500)).toEqual([`${topic} [0] offset 1`]);
    expect(await offsetAt(-1)).toEqual([`${topic} [0] offset 3`]);
    expect(await offsetAt(-2)).toEqual([`${topic} [0] offset 0`]);
    expect(await consume(topic, '-o', `s@${baseMs + 500}`)).toEqual(['v1', 'v2']);
    expect(await consume(topic, '-o', `s@${baseMs}`, '-o', `e@${baseMs + 2_000}`)).toEqual(['v0', 'v1']);
  });

  conforms('kcat reads from an offset, and the last records', async () => {
    const topic = await t.topic();
    await produce(topic, 'a\nb\nc\nd\n');
    expect(await consume(topic, '-o', '2')).toEqual(['c', 'd']);
    expect(await consume(topic, '-o', '-1')).toEqual(['d']);
    expect(await consume(topic, '-o', 'beginning', '-c', '2')).toEqual(['a', 'b']);
  });

  conforms('kcat reads committed records only, or all', async () => {
    const topic = await t.topic();
    await produce(topic, 'plain\n');
    await inTransaction(topic, 'aborted', 'abort');
    await inTransaction(topic, 'committed', 'commit');
    const committed = ['-X', 'isolation.level=read_committed'];
    const all = ['-X', 'isolation.level=read_uncommitted'];
    expect(await consume(topic, ...committed)).toEqual(['plain', 'committed']);
    expect(await consume(topic, ...all)).toEqual(['plain', 'aborted', 'committed']);
  });

  conforms('kcat writes in a transaction, and as an idempotent producer', async () => {
    const topic = await t.topic();
    await produce(topic, 'one\ntwo\n', '-X', `transactional.id=${topic}`);
    const lines = Array.from({ length: 5_000 }, (_, i) => String(i));
    const manyBatches = ['-X', 'enable.idempotence=true', '-X', 'batch.num.messages=100'];
    await produce(topic, `${lines.join('\n')}\n`, ...manyBatches);
    expect(await consume(topic, '-X', 'isolation.level=read_committed')).toEqual(['one', 'two', ...lines]);
  });

  conforms('kcat writes and reads a large message, and hears when one is too large', async () => {
    const topic = await t.topic();
    const large = 'x'.repeat(900_000);
    await produce(topic, `${large}\n`);
    expect(await consume(topic)).toEqual([large]);
    const tooLarge = produce(topic, `${'x'.repeat(1_100_000)}\n`, '-X', 'message.max.bytes=2000000');
    await expect(tooLarge).rejects.toThrow(/Message size too large/);
  });

  conforms('kcat lists the brokers and topics with their partitions', async () => {
    const topic = await t.topic(3);
    const listed = await kcat(['-L', '-t', topic]);
    expect(listed).toContain(`  topic "${topic}" with 3 partitions:`);
    expect(listed).toContain('    partition 2, leader 1, replicas: 1, isrs: 1');
    expect(listed.join()).toContain(`broker 1 at ${t.brokers[0]} (controller)`);
  });

  conforms('kcat reads in a group, and goes on where the group was', async () => {
    const topic = await t.topic(2);
    const group = ['-G', await t.group(), '-X', 'auto.offset.reset=earliest', '-e', '-q', topic];
    await produce(topic, 'one\ntwo\n');
    expect((await kcat(group)).sort()).toEqual(['one', 'two']);
    await produce(topic, 'three\n');
    expect(await kcat(group)).toEqual(['three']);
  });
});
