/** This project's producer, idempotent; also what fills the topic of the other benchmarks. */
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { events } from './events.ts';
import { report, Stopwatch } from './measurement.ts';

const [brokers = '', topic = '', count = '0'] = process.argv.slice(2);
const total = Number(count);
const transport = kafkaJsTransport({ brokers: brokers.split(',') });
const producer = transport.producer();
const watch = new Stopwatch();
for (let from = 0; from < total; from += 1_000) {
  producer.send([...events(from, Math.min(total, from + 1_000), total)].map((event) => ({ topic, ...event })));
  if (producer.full) await producer.drained();
}
await producer.flush();
report({ ...watch.stop(), records: total, result: `${total} records` });
await transport.close();
