import type { BenchOptions } from './bench-options.ts';
import { run } from './contender.ts';
import { onBroker } from './embedded-broker.ts';
import { median } from './measurement.ts';
import { createTopic } from './topics.ts';

const records = 100;

/** How long a lone record takes from its producer into the engine's count, beside stock KafkaJS, which only takes it. */
export async function benchLatency({ runs, folder }: BenchOptions): Promise<void> {
  await onBroker(folder, records, async (brokers) => {
    const contenders = [
      { name: 'stock KafkaJS eachBatch', file: 'stock-latency.ts', latenciesMs: [] as number[] },
      { name: 'the engine: counted in its table', file: 'engine-latency.ts', latenciesMs: [] as number[] },
    ];
    for (let round = 0; round < runs; round++) {
      for (const { file, latenciesMs } of contenders) {
        const topic = await createTopic(brokers, 'lone');
        latenciesMs.push(...(await run<number[]>(file, [brokers, topic, String(records)])));
      }
    }
    console.log('\na lone record, from the call that writes it');
    for (const { name, latenciesMs } of contenders) {
      const slowest = latenciesMs.toSorted((a, b) => a - b)[Math.floor(latenciesMs.length * 0.99)] ?? Number.NaN;
      console.log(`  ${name.padEnd(44)} median ${ms(median(latenciesMs))}, 99 of 100 within ${ms(slowest)}`);
    }
  });
}

const ms = (value: number): string => `${value.toFixed(1)} ms`;
