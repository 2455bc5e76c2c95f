import { join } from 'node:path';
import { atMost } from './aim.ts';
import { startApache } from './apache-broker.ts';
import type { BenchOptions } from './bench-options.ts';
import { thousands } from './comparison.ts';
import { run } from './contender.ts';
import { onBroker } from './embedded-broker.ts';
import { type Measurement, median } from './measurement.ts';
import { createTopic } from './topics.ts';

/** What a worker may wait while there are records: a share of its processor time. */
const aimWallPerCpu = 1.15;

/**
 * The engine's windowed count over partitions of equal sizes, and over one that holds half of the records beside others that are soon read to their
 * end: on Apache Kafka where it can be had.
 */
export async function benchSkew({ runs, events, folder }: BenchOptions): Promise<void> {
  const apache = process.env['KAFKA_BROKERS'] === undefined ? await startApache(join(folder, 'apache')) : null;
  if (apache !== null) process.env['KAFKA_BROKERS'] = apache.brokers;
  try {
    await onBroker(folder, events, async (brokers) => {
      const topics = [
        ['even', 'driver-produce.ts', await createTopic(brokers, 'even')],
        ['skewed', 'skewed-produce.ts', await createTopic(brokers, 'skewed')],
      ] as const;
      for (const [, file, topic] of topics) await run(file, [brokers, topic, String(events)]);
      const measured = new Map<string, Measurement[]>(topics.map(([name]) => [name, []]));
      for (let round = 0; round < runs; round++) {
        for (const [name, , topic] of topics)
          measured.get(name)?.push(await run('engine-count.ts', [brokers, topic, String(events)]));
      }
      console.log('\nwindowed count, 1 minute, by key');
      for (const [name, all] of measured) print(name, all);
    });
  } finally {
    await apache?.stop();
  }
}

function print(name: string, measured: readonly Measurement[]): void {
  const perSecond = median(measured.map(({ records, seconds }) => records / seconds));
  const wallPerCpu = median(measured.map(({ seconds, cpuSeconds }) => seconds / cpuSeconds));
  const results = [...new Set(measured.map(({ result }) => result))].join(' / ');
  const aim = atMost(wallPerCpu, String(aimWallPerCpu), aimWallPerCpu);
  console.log(
    `  ${name.padEnd(8)} ${thousands(perSecond)} records/s   ${wallPerCpu.toFixed(2)} s a CPU second (${aim})   (${results})`,
  );
}
