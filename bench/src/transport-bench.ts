import type { BenchOptions } from './bench-options.ts';
import { compare } from './comparison.ts';
import { run } from './contender.ts';
import { onBroker } from './embedded-broker.ts';
import { createTopic } from './topics.ts';

/** This project's producer and consumer beside those of KafkaJS. */
export async function benchTransport({ runs, events, folder }: BenchOptions): Promise<void> {
  await onBroker(folder, events, async (brokers) => {
    const produce = async (file: string, name: string) =>
      run(file, [brokers, await createTopic(brokers, name), String(events)]);
    await compare(
      'produce, idempotent, acknowledged by all',
      [
        { name: 'KafkaJS', run: () => produce('stock-produce.ts', 'stock') },
        { name: 'transport-kafkajs', run: () => produce('driver-produce.ts', 'driver') },
      ],
      runs,
    );
    const topic = await createTopic(brokers, 'events');
    const args = [brokers, topic, String(events)];
    await run('driver-produce.ts', args);
    await compare(
      'consume',
      [
        { name: 'KafkaJS eachBatch', run: () => run('stock-consume.ts', args) },
        { name: 'transport-kafkajs', run: () => run('driver-consume.ts', args) },
      ],
      runs,
    );
  });
}
