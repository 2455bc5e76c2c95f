import { join } from 'node:path';
import { atMost } from './aim.ts';
import type { BenchOptions } from './bench-options.ts';
import { run } from './contender.ts';
import { type BrokerProcess, startEmbeddedBroker } from './embedded-broker.ts';
import { median } from './measurement.ts';
import { createTopic } from './topics.ts';

/** A start is short and easily disturbed. */
const starts = 5;
const logRecords = 1_000_000;

/** From the spawn of the process to its first answer: with nothing, and with a log of a million records. */
export async function benchStart(program: string, { folder }: BenchOptions): Promise<void> {
  console.log(`Start: from spawn to the first answer (medians of ${starts})`);
  const data = join(folder, 'million');
  const filling = await startEmbeddedBroker(program, data);
  await run('driver-produce.ts', [filling.brokers, await createTopic(filling.brokers, 'million'), String(logRecords)]);
  await filling.kill();

  const killed = (broker: BrokerProcess) => broker.kill();
  const closed = (broker: BrokerProcess) => broker.stop();
  let fresh = 0;
  const aims = { fresh: 0.3, million: 1 };
  print('an empty folder', await measure(program, () => join(folder, `fresh-${fresh++}`), closed), aims.fresh);
  print('a million records, killed', await measure(program, () => data, killed), aims.million);
  await (await startEmbeddedBroker(program, data)).stop();
  print('a million records, closed cleanly', await measure(program, () => data, closed), aims.million);
}

async function measure(
  program: string,
  dataDir: () => string,
  end: (broker: BrokerProcess) => Promise<void>,
): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < starts; i++) {
    const broker = await startEmbeddedBroker(program, dataDir());
    seconds.push(broker.startSeconds);
    await end(broker);
  }
  return median(seconds);
}

function print(what: string, seconds: number, aim: number): void {
  console.log(`  ${what.padEnd(36)} ${seconds.toFixed(2)} s   (${atMost(seconds, `under ${aim} s`, aim)})`);
}
