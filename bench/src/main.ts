/**
 * `npm run bench [-- windowed-count | transport] [--runs N] [--events N]`
 * Each contender runs in a process of its own, in turns, over the same topic on the same broker. Compare the ratios:
 * the numbers before them are this machine's, and of this hour.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { run, startBrokerProcess } from './contender.ts';
import { eventBytes, eventCount, partitionCount } from './events.ts';
import { type Measurement, median } from './measurement.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '3' }, events: { type: 'string', default: String(eventCount) } },
});
const what = positionals[0] ?? 'windowed-count';
const runs = Number(values.runs);
const count = Number(values.events);
if (!['windowed-count', 'transport'].includes(what) || !(runs > 0) || !(count > 0)) {
  console.error('Usage: npm run bench [-- windowed-count | transport] [--runs N] [--events N]');
  process.exit(2);
}

const dataDir = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
const external = process.env['KAFKA_BROKERS'];
const broker = external === undefined ? await startBrokerProcess(dataDir) : null;
const brokers = external ?? broker?.brokers ?? '';
try {
  console.log(
    `${count.toLocaleString('en')} JSON events of ${eventBytes} bytes, ${partitionCount} partitions, on`,
    external ?? 'the embedded broker',
  );
  await (what === 'transport' ? benchTransport() : benchWindowedCount());
} finally {
  await broker?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function benchWindowedCount(): Promise<void> {
  const topic = await createTopic('events');
  await run('driver-produce.ts', [brokers, topic, String(count)]);
  await compare('windowed count, 1 minute, by key', [
    {
      name: 'bare KafkaJS eachBatch + JSON.parse + Map',
      run: () => run('bare-count.ts', [brokers, topic, String(count)]),
    },
    { name: 'the engine: table and changelog on', run: () => run('engine-count.ts', [brokers, topic, String(count)]) },
  ]);
}

async function benchTransport(): Promise<void> {
  await compare('produce, idempotent, acknowledged by all', [
    { name: 'KafkaJS', run: async () => run('stock-produce.ts', [brokers, await createTopic('stock'), String(count)]) },
    {
      name: 'transport-kafkajs',
      run: async () => run('driver-produce.ts', [brokers, await createTopic('driver'), String(count)]),
    },
  ]);
  const topic = await createTopic('events');
  await run('driver-produce.ts', [brokers, topic, String(count)]);
  await compare('consume', [
    { name: 'KafkaJS eachBatch', run: () => run('stock-consume.ts', [brokers, topic, String(count)]) },
    { name: 'transport-kafkajs', run: () => run('driver-consume.ts', [brokers, topic, String(count)]) },
  ]);
}

interface Contender {
  readonly name: string;
  run(): Promise<Measurement>;
}

/** The first contender is the measure of the second. Medians of the runs. */
async function compare(title: string, contenders: readonly [Contender, Contender]): Promise<void> {
  const measured = new Map<Contender, Measurement[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < runs; round++) {
    for (const contender of contenders) measured.get(contender)?.push(await contender.run());
  }
  const [base, ours] = contenders.map((contender) => summary(measured.get(contender) ?? []));
  if (base === undefined || ours === undefined) return;
  console.log(`\n${title}`);
  for (const [index, { perSecond, perCpuSecond, result }] of [base, ours].entries()) {
    const name = contenders[index]?.name ?? '';
    console.log(`  ${name.padEnd(44)} ${k(perSecond)} records/s   ${k(perCpuSecond)} per CPU second   (${result})`);
  }
  const ratio = (a: number, b: number): string => (a / b).toFixed(2);
  console.log(
    `  ratio: ${ratio(ours.perCpuSecond, base.perCpuSecond)} per CPU second, ${ratio(ours.perSecond, base.perSecond)} per second (medians of ${runs})`,
  );
  if (base.result !== ours.result) {
    console.log('  the results differ: the comparison counts for nothing');
    process.exitCode = 1;
  }
}

function summary(measurements: readonly Measurement[]): { perSecond: number; perCpuSecond: number; result: string } {
  return {
    perSecond: median(measurements.map(({ records, seconds }) => records / seconds)),
    perCpuSecond: median(measurements.map(({ records, cpuSeconds }) => records / cpuSeconds)),
    result: [...new Set(measurements.map(({ result }) => result))].join(' / '),
  };
}

async function createTopic(name: string): Promise<string> {
  const topic = `bench-${name}-${process.pid}-${Date.now()}`;
  const transport = kafkaJsTransport({ brokers: brokers.split(',') });
  // The events are of 2023: with Kafka's week of retention they would be gone before they are read.
  const configs = { 'retention.ms': '-1' };
  await transport.admin().createTopics([{ name: topic, partitions: partitionCount, replication: 1, configs }]);
  await transport.close();
  return topic;
}

function k(perSecond: number): string {
  return `${Math.round(perSecond / 1_000)} k`.padStart(8);
}
