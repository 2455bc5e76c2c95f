import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { atMost } from './aim.ts';
import type { BenchOptions } from './bench-options.ts';
import { run } from './contender.ts';
import { startEmbeddedBroker } from './embedded-broker.ts';
import { eventBytes, partitionCount } from './events.ts';
import { blockLines, blockOfLines, consumeLines, hasKcat, produceBlocks } from './kcat.ts';
import { peakResidentMb } from './process-usage.ts';
import { createTopic } from './topics.ts';

const aimMb = 150;
/** So far the writer may be ahead of the reader. */
const leadBytes = 500e6;
/** What the topic may take on disk: far more than that, in whatever partition it is. */
const retainedBytes = 4e9;
const segmentBytes = 64e6;

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
      const bytes = await letThrough(brokers, topic, gigabytes * 1e9);
      say(`kcat: ${gb(bytes)} GB written and read at once`);
    }
    const topic = await createTopic(brokers, 'memory');
    await run('stock-produce.ts', [brokers, topic, String(events)]);
    await run('stock-consume.ts', [brokers, topic, String(events)]);
    say(`KafkaJS: ${gb(events * eventBytes)} GB more, written, then read`);
  } finally {
    await broker.stop();
  }
}

/** Writes with one kcat and reads with another, at the same time; answers the bytes. */
async function letThrough(brokers: string, topic: string, bytes: number): Promise<number> {
  const block = blockOfLines();
  const count = Math.ceil(bytes / block.length);
  let aheadBytes = 0;
  let isReading = true;
  let onRead = () => {};
  const blocks = async function* () {
    for (let i = 0; i < count; i++) {
      while (isReading && aheadBytes > leadBytes) await new Promise<void>((resolve) => (onRead = resolve));
      aheadBytes += block.length;
      yield block;
    }
  };
  const reading = consumeLines(brokers, topic, count * blockLines, (pieceBytes) => {
    aheadBytes -= pieceBytes;
    onRead();
  }).finally(() => {
    isReading = false;
    onRead();
  });
  const [readBytes] = await Promise.all([reading, produceBlocks(brokers, topic, blocks())]);
  if (readBytes !== count * block.length) throw new Error(`kcat read ${readBytes} of ${count * block.length} bytes`);
  return readBytes;
}

const gb = (bytes: number): string => (bytes / 1e9).toFixed(1);
