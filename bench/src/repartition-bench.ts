import type { BenchOptions } from './bench-options.ts';
import { compare } from './comparison.ts';
import { run } from './contender.ts';
import { onBroker } from './embedded-broker.ts';
import { createTopic } from './topics.ts';

/** The engine's windowed count behind a `group_by` beside the same count without one: what a repartition costs, marks of time included. */
export async function benchRepartition({ runs, events, folder }: BenchOptions): Promise<void> {
  await onBroker(folder, events, async (brokers) => {
    const topic = await createTopic(brokers, 'events');
    const args = [brokers, topic, String(events)];
    await run('driver-produce.ts', args);
    await compare(
      'windowed count, 1 minute, by another key',
      [
        { name: 'the engine: by the key it is partitioned by', run: () => run('engine-count.ts', args) },
        { name: 'the engine: behind a group_by', run: () => run('engine-count.ts', [...args, 'value.ip']) },
      ],
      runs,
    );
  });
}
