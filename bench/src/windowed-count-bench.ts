import type { BenchOptions } from './bench-options.ts';
import { compare } from './comparison.ts';
import { run } from './contender.ts';
import { onBroker } from './embedded-broker.ts';
import { createTopic } from './topics.ts';

/** The engine's windowed count beside a bare KafkaJS loop, over the same topic. */
export async function benchWindowedCount({ runs, events, folder }: BenchOptions): Promise<void> {
  await onBroker(folder, events, async (brokers) => {
    const topic = await createTopic(brokers, 'events');
    const args = [brokers, topic, String(events)];
    await run('driver-produce.ts', args);
    await compare(
      'windowed count, 1 minute, by key',
      [
        { name: 'bare KafkaJS eachBatch + JSON.parse + Map', run: () => run('bare-count.ts', args) },
        { name: 'the engine: table and changelog on', run: () => run('engine-count.ts', args) },
      ],
      runs,
    );
  });
}
