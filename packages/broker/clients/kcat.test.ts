import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { conforms, target } from '../conformance/target.ts';

const run = promisify(execFile);
const hasKcat = spawnSync('kcat', ['-V']).error === undefined;
if (!hasKcat) console.log('kcat is not installed: its cases are skipped');

const t = target();

/** Runs kcat against the broker under test, `input` as its standard input; answers the lines it prints. */
async function kcat(args: readonly string[], input?: string): Promise<string[]> {
  const running = run('kcat', ['-b', t.brokers.join(','), ...args], { timeout: 20_000, maxBuffer: 64 * 1024 * 1024 });
  if (input !== undefined) running.child.stdin?.end(input);
  const { stdout } = await running;
  return stdout.split('\n').filter((line) => line !== '');
}

if (hasKcat) {
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    conforms(`kcat reads back what it wrote with compression ${codec}`, async () => {
      const topic = await t.topic(2);
      const lines = Array.from({ length: 2_000 }, (_, i) => `key${i}:value ${i}`);
      await kcat(['-P', '-t', topic, '-K', ':', '-z', codec], `${lines.join('\n')}\n`);
      const seen = await kcat(['-C', '-t', topic, '-K', ':', '-e', '-q']);
      expect(seen.sort()).toEqual(lines.sort());
    });
  }

  conforms('kcat lists the topic with its partitions', async () => {
    const topic = await t.topic(3);
    expect(await kcat(['-L', '-t', topic])).toContain(`  topic "${topic}" with 3 partitions:`);
  });

  conforms('kcat writes in a transaction', async () => {
    const topic = await t.topic();
    await kcat(['-P', '-t', topic, '-X', `transactional.id=${topic}`], 'one\ntwo\n');
    expect(await kcat(['-C', '-t', topic, '-e', '-q', '-X', 'isolation.level=read_committed'])).toEqual(['one', 'two']);
  });

  conforms('kcat reads in a group, and goes on where the group was', async () => {
    const topic = await t.topic(2);
    const group = ['-G', `${topic}-group`, '-X', 'auto.offset.reset=earliest', '-e', '-q', topic];
    await kcat(['-P', '-t', topic], 'one\ntwo\n');
    expect((await kcat(group)).sort()).toEqual(['one', 'two']);
    await kcat(['-P', '-t', topic], 'three\n');
    expect(await kcat(group)).toEqual(['three']);
  });
} else test.skip('kcat: not installed', () => {});
