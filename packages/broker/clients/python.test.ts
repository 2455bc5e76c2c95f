import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { conforms, target, uniqueName } from '../conformance/target.ts';
import { withClient } from './client-program.ts';

const python = '/usr/bin/python3'; // Debian's, which has Debian's packages.
const program = join(import.meta.dirname, 'python_client.py');
const run = promisify(execFile);
const t = target();

/** What a command of python_client.py answers. */
async function client<T>(command: string, args: Readonly<Record<string, unknown>>): Promise<T> {
  const { stdout } = await run(python, [program, t.brokers.join(','), command, JSON.stringify(args)], {
    timeout: 28_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as T; // The caller names what the command's docstring says.
}

interface PythonRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly [name: string, value: string][];
}

const plain = (value: string) => [null, value, [], null] as const;

withClient({ name: 'kafka-python', probe: [python, '-c', 'import kafka, snappy, lz4, zstandard'] }, () => {
  for (const codec of [null, 'gzip', 'snappy', 'lz4', 'zstd']) {
    conforms(`kafka-python reads back what it wrote with compression ${codec ?? 'none'}`, async () => {
      const topic = await t.topic();
      const values = Array.from({ length: 500 }, (_, i) => `value ${i}`);
      const offsets = await client('produce', { topic, codec, records: values.map(plain) });
      expect(offsets).toEqual(values.map((_, i) => i));
      const records = await client<PythonRecord[]>('consume', { topic, count: values.length });
      expect(records.map(({ value }) => value)).toEqual(values);
    });
  }

  conforms('kafka-python gets keys, headers, times and tombstones as it sent them', async () => {
    const topic = await t.topic();
    const sentMs = Date.now() - 60_000;
    const sent = [
      [
        'k',
        'v',
        [
          ['name', 'content'],
          ['name', 'again'],
        ],
        sentMs,
      ],
      ['k', null, [], sentMs + 1],
    ];
    await client('produce', { topic, records: sent });
    const records = await client<PythonRecord[]>('consume', { topic, count: 2 });
    expect(records.map(({ key, value, headers, timestamp }) => [key, value, headers, timestamp])).toEqual(sent);
  });

  conforms('kafka-python sends without waiting for an answer', async () => {
    const topic = await t.topic();
    await client('produce', { topic, acks: 0, records: ['a', 'b'].map(plain) });
    const records = await client<PythonRecord[]>('consume', { topic, count: 2 });
    expect(records.map(({ value }) => value)).toEqual(['a', 'b']);
  });

  conforms('kafka-python goes on where its group committed', async () => {
    const [topic, group] = [await t.topic(), await t.group()];
    await client('produce', { topic, records: ['a', 'b', 'c', 'd'].map(plain) });
    expect(await client('resume', { topic, group, first: 3, second: 1 })).toEqual({
      seen: [['a', 'b', 'c'], ['d']],
      committed: [3, 4],
    });
  });

  conforms('two kafka-python members share the partitions, and one takes over when the other leaves', async () => {
    const [topic, group] = [await t.topic(4), await t.group()];
    const values = Array.from({ length: 20 }, (_, i) => `v${i}`).sort();
    const answer = await client<{ shared: number[][]; alone: number[]; values: string[] }>('rebalance', {
      topic,
      group,
      values,
    });
    expect(answer.shared.flat().sort()).toEqual([0, 1, 2, 3]);
    expect(answer.alone).toEqual([0, 1, 2, 3]);
    expect(answer.values).toEqual(values);
  });

  conforms('kafka-python finds offsets by time', async () => {
    const topic = await t.topic();
    const baseMs = Date.now() - 60_000;
    await client('produce', { topic, records: [0, 1, 2].map((i) => [null, `v${i}`, [], baseMs + i * 1_000]) });
    const times = [baseMs - 1, baseMs + 500, baseMs + 2_000, baseMs + 2_001];
    expect(await client('offsets', { topic, times })).toEqual({
      beginning: 0,
      end: 3,
      times: [[0, baseMs], [1, baseMs + 1_000], [2, baseMs + 2_000], null],
    });
  });

  conforms('kafka-python creates, changes and deletes a topic', async () => {
    expect(await client('administer', { topic: uniqueName('python') })).toEqual({
      retention: '60000',
      again: 'TopicAlreadyExistsError',
      partitions: [0, 1, 2, 3],
      'retention after alter': '604800000',
      brokers: [1],
    });
  });

  conforms('kafka-python describes, lists and deletes a group', async () => {
    const [topic, group] = [await t.topic(2), await t.group()];
    await client('produce', { topic, records: [plain('v')] });
    const answer = await client<{ committed: Record<string, number> }>('groups', { topic, group });
    expect(answer).toMatchObject({
      stable: ['Stable', 'range', ['/127.0.0.1']],
      empty: ['Empty', 0],
      listed: true,
      deleted: ['NoError', 'GroupIdNotFoundError'],
    });
    expect(Object.values(answer.committed)).toContain(1);
  });
});
