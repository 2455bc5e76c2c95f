/**
 * The same clients with the same work on the embedded broker and on Apache Kafka, in turns. A first round is not counted:
 * Java compiles in it. The processor time is the broker's own, and less shaken than the clock by what else the machine does.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { atLeast } from './aim.ts';
import type { BenchOptions } from './bench-options.ts';
import { thousands } from './comparison.ts';
import { run } from './contender.ts';
import type { BrokerProcess } from './embedded-broker.ts';
import { blockLines, blockOfLines, consumeAll, consumeLines, hasKcat, produceFile } from './kcat.ts';
import { type Measurement, median, Stopwatch } from './measurement.ts';
import { cpuSecondsOf } from './process-usage.ts';
import { createTopic, recordsWritten } from './topics.ts';

/** Each client is given what takes it some seconds: KafkaJS writes a part of the events, and kcat moves a multiple. */
const produceShare = 4;
const kcatFactor = 4;
/** What kcat packs into a batch of a topic that is then read. */
const readBatchRecords = 1_000;

interface Job {
  readonly title: string;
  /** Of what the clients reach on Apache Kafka. */
  readonly aim: number;
  /** Answers the records moved and the time it took; `result` must be the same on both brokers. */
  run(broker: BrokerProcess): Promise<Omit<Measurement, 'cpuSeconds'>>;
}

export async function benchThroughput(
  embedded: BrokerProcess,
  apache: BrokerProcess | null,
  { runs, events, folder }: BenchOptions,
): Promise<void> {
  for (const job of [...kafkaJsJobs(events), ...(hasKcat ? kcatJobs(events, folder) : [])]) {
    const ours: Measurement[] = [];
    const theirs: Measurement[] = [];
    for (let round = 0; round <= runs; round++) {
      for (const [broker, measured] of [[embedded, ours] as const, [apache, theirs] as const]) {
        if (broker === null) continue;
        const cpuBefore = cpuSecondsOf(broker.pid);
        const done = await job.run(broker);
        if (round > 0) measured.push({ ...done, cpuSeconds: cpuSecondsOf(broker.pid) - cpuBefore });
      }
    }
    print(job, ours, theirs);
  }
}

function kafkaJsJobs(events: number): Job[] {
  const produced = Math.ceil(events / produceShare);
  const produce = async ({ brokers }: BrokerProcess, count: number) => {
    const topic = await createTopic(brokers, 'kafkajs');
    const measured = await run('stock-produce.ts', [brokers, topic, String(count)]);
    return { ...measured, topic, result: `${await recordsWritten(brokers, topic)} records` };
  };
  const topics = new Map<BrokerProcess, string>();
  return [
    {
      title: 'KafkaJS produce, idempotent, acks all, 1 000 records a send',
      aim: 1,
      run: (broker) => produce(broker, produced),
    },
    {
      title: 'KafkaJS eachBatch, what KafkaJS wrote',
      aim: 1,
      run: async (broker) => {
        const topic = topics.get(broker) ?? (await produce(broker, events)).topic;
        topics.set(broker, topic);
        return run('stock-consume.ts', [broker.brokers, topic, String(events)]);
      },
    },
  ];
}

function kcatJobs(events: number, folder: string): Job[] {
  const blocks = Math.ceil((events * kcatFactor) / blockLines);
  const records = blocks * blockLines;
  const lines = join(folder, 'lines.txt');
  const file = openSync(lines, 'w');
  const block = blockOfLines();
  for (let i = 0; i < blocks; i++) writeSync(file, block);
  closeSync(file);
  const topics = new Map<BrokerProcess, { topic: string; result: string }>();
  const prepared = async (broker: BrokerProcess) => {
    const { brokers } = broker;
    const topic = await createTopic(brokers, 'kcat-read');
    await produceFile(brokers, topic, lines, readBatchRecords);
    const readBytes = await consumeLines(brokers, topic, records);
    return { topic, result: `${readBytes} bytes` };
  };
  return [
    {
      title: 'kcat -P, acks all, no compression',
      aim: 0.5,
      run: async ({ brokers }) => {
        const topic = await createTopic(brokers, 'kcat');
        const watch = new Stopwatch();
        await produceFile(brokers, topic, lines);
        const { seconds } = watch.stop();
        return { records, seconds, result: `${await recordsWritten(brokers, topic)} records` };
      },
    },
    {
      title: `kcat -C, batches of ${readBatchRecords} records`,
      aim: 0.5,
      run: async (broker) => {
        const { topic, result } = topics.get(broker) ?? (await prepared(broker));
        topics.set(broker, { topic, result });
        const watch = new Stopwatch();
        await consumeAll(broker.brokers, topic);
        return { records, seconds: watch.stop().seconds, result };
      },
    },
  ];
}

function print({ title, aim }: Job, ours: readonly Measurement[], theirs: readonly Measurement[]): void {
  console.log(`\n${title}`);
  const figures = [ours, theirs].map((measured) => ({
    perSecond: median(measured.map(({ records, seconds }) => records / seconds)),
    cpuPerMillion: median(measured.map(({ records, cpuSeconds }) => (cpuSeconds / records) * 1e6)),
    result: [...new Set(measured.map(({ result }) => result))].join(' / '),
  }));
  const [embedded, apache] = figures;
  for (const [name, figure] of [['embedded', embedded] as const, ['Apache Kafka', apache] as const]) {
    if (figure === undefined || figure.result === '') continue;
    console.log(
      `  ${name.padEnd(14)} ${thousands(figure.perSecond)} records/s   ${figure.cpuPerMillion.toFixed(2).padStart(6)} CPU seconds of the broker per million   (${figure.result})`,
    );
  }
  if (embedded === undefined || apache === undefined || apache.result === '') return;
  const ratio = embedded.perSecond / apache.perSecond;
  const cpuRatio = embedded.cpuPerMillion / apache.cpuPerMillion;
  console.log(`  ratio: ${ratio.toFixed(2)} per second (${atLeast(ratio, aim)}); ${cpuRatio.toFixed(2)} of its CPU`);
  if (embedded.result !== apache.result) {
    console.log('  the results differ: the comparison counts for nothing');
    process.exitCode = 1;
  }
}
