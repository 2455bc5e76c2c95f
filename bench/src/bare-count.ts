/** The measure of all things: KafkaJS as it comes, `eachBatch`, `JSON.parse`, and counts in a Map; no state kept, nothing written. */
import { Kafka, logLevel } from 'kafkajs';
import { report, Stopwatch } from './measurement.ts';

const [brokers = '', topic = '', expected = '0'] = process.argv.slice(2);
const total = Number(expected);
const windowMs = 60_000;
const kafka = new Kafka({ clientId: 'bare', brokers: brokers.split(','), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: `bare-${process.pid}-${Date.now()}`, maxWaitTimeInMs: 500 });
const windows = new Map<number, Map<string, number>>();
let records = 0;
let done = (): void => {};
const finished = new Promise<void>((resolve) => {
  done = resolve;
});

await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
const watch = new Stopwatch();
await consumer.run({
  eachBatch: async ({ batch }) => {
    for (const { key, value } of batch.messages) {
      const event: { ts: number } = JSON.parse(value?.toString() ?? '');
      const start = event.ts - (event.ts % windowMs);
      const ip = key?.toString() ?? '';
      let counts = windows.get(start);
      if (counts === undefined) {
        counts = new Map();
        windows.set(start, counts);
      }
      counts.set(ip, (counts.get(ip) ?? 0) + 1);
    }
    records += batch.messages.length;
    if (records >= total) done();
  },
});
await finished;
const measured = watch.stop();
const rows = [...windows.values()].reduce((sum, counts) => sum + counts.size, 0);
report({ ...measured, records, result: `${records} events in ${rows} rows` });
await consumer.disconnect();
