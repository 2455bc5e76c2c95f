import { join } from 'node:path';
import { startApache } from './apache-broker.ts';
import type { BenchOptions } from './bench-options.ts';
import { benchMemory } from './broker-memory.ts';
import { benchStart } from './broker-start.ts';
import { benchThroughput } from './broker-throughput.ts';
import { bundleBroker, startEmbeddedBroker } from './embedded-broker.ts';
import { hasKcat } from './kcat.ts';

/** The embedded broker as it ships: how fast it starts, what it moves beside Apache Kafka, and what memory it takes for it. */
export async function benchBroker(options: BenchOptions): Promise<void> {
  const { folder } = options;
  if (!hasKcat) console.log('kcat is not installed: only KafkaJS is measured.');
  const program = await bundleBroker(folder);
  await benchStart(program, options);
  const embedded = await startEmbeddedBroker(program, join(folder, 'embedded'));
  try {
    const apache = await startApache(join(folder, 'apache'));
    try {
      await benchThroughput(embedded, apache, options);
    } finally {
      await apache?.stop();
    }
  } finally {
    await embedded.stop();
  }
  await benchMemory(program, options);
}
