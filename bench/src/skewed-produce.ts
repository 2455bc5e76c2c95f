/** Fills a topic whose first partitions have most of the events: partition n has them by 1 / n^1.1, as Zipf's law has it. */
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { events, partitionCount } from './events.ts';
import { report, Stopwatch } from './measurement.ts';

const [brokers = '', topic = '', count = '0'] = process.argv.slice(2);
const total = Number(count);
const exponent = 1.1;
const weights = Array.from({ length: partitionCount }, (_, partition) => 1 / (partition + 1) ** exponent);
const sum = weights.reduce((all, weight) => all + weight, 0);

const transport = kafkaJsTransport({ brokers: brokers.split(',') });
const producer = transport.producer();
const watch = new Stopwatch();
/** What each partition is owed: the one that is owed the most gets the next event. */
const owed = weights.map(() => 0);
for (let from = 0; from < total; from += 1_000) {
  const batch = [...events(from, Math.min(total, from + 1_000), total)].map((event) => {
    weights.forEach((weight, partition) => {
      owed[partition] = (owed[partition] ?? 0) + weight / sum;
    });
    const partition = owed.indexOf(Math.max(...owed));
    owed[partition] = (owed[partition] ?? 0) - 1;
    return { topic, ...event, partition };
  });
  producer.send(batch);
  if (producer.full) await producer.drained();
}
await producer.flush();
report({ ...watch.stop(), records: total, result: `${total} records` });
await transport.close();
