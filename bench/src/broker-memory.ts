import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { atMost } from './aim.ts';
import type { BenchOptions } from './bench-options.ts';
import { run } from './contender.ts';
import { startEmbeddedBroker } from './embedded-broker.ts';
import { eventBytes, partitionCount } from './events.ts';
import { blockLines, blockOfLines, consumeBytes, hasKcat, produceBlocks } from './kcat.ts';
import { peakResidentMb } from './process-usage.ts';
import { createTopic, recordsWritten } from './topics.ts';

const aimMb = 150;
/** What the topic may take on disk: far more than the reader is ever behind. */
const retainedBytes = 4 * 1024 ** 3;
const segmentBytes = 64 * 1024 ** 2;
/** With nothing to read for so long, the reader is done. */
const patienceMs = 15_000;

/** Lets gigabytes through the broker, written and read at the same time, and tells the most memory it took. */
export async function benchMemory(program: string, { folder, gigabytes, events }: BenchOptions): Promise<void> {
  console.log('\nMemory');
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < retainedBytes * 2) {
    console.log(`  not measured: ${folder} has less than ${(retainedBytes * 2) / 1e9} GB to spare`);
    return;
  }
  const broker = await startEmbeddedBroker(program, join(folder, 'memory'));
  const { brokers } = broker;
  try {
    const say = (what: string) => {
      const peakMb = peakResidentMb(broker.pid);
      console.log(
        `  ${what.padEnd(52)} ${peakMb.toFixed(0)} MB resident at most (${atMost(peakMb, `${aimMb} MB`, aimMb)})`,
      );
    };
    say('started');
    if (hasKcat) {
      const topic = await createTopic(brokers, 'memory', {
        'retention.bytes': String(retainedBytes / partitionCount),
        'segment.bytes': String(segmentBytes),
      });
      const block = blockOfLines();
      const blocks = Math.ceil((gigabytes * 1e9) / block.length);
      const [readBytes] = await Promise.all([
        consumeBytes(brokers, topic, blocks * block.length, patienceMs),
        produceBlocks(brokers, topic, block, blocks),
      ]);
      if ((await recordsWritten(brokers, topic)) !== blocks * blockLines) throw new Error('kcat -P lost records');
      say(`kcat: ${gb(blocks * block.length)} GB written while ${gb(readBytes)} GB were read`);
    }
    const topic = await createTopic(brokers, 'memory');
    await run('stock-produce.ts', [brokers, topic, String(events), 'idempotent']);
    await run('stock-consume.ts', [brokers, topic, String(events)]);
    say(`KafkaJS: ${gb(events * eventBytes)} GB more, written, then read`);
  } finally {
    await broker.stop();
  }
}

const gb = (bytes: number): string => (bytes / 1e9).toFixed(1);
