/** KafkaJS' producer, idempotent, 1 000 records a send, acknowledged by all. */
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { events } from './events.ts';
import { report, Stopwatch } from './measurement.ts';

const [brokers = '', topic = '', count = '0'] = process.argv.slice(2);
const total = Number(count);
const kafka = new Kafka({ clientId: 'stock', brokers: brokers.split(','), logLevel: logLevel.ERROR });
const producer = kafka.producer({
  idempotent: true,
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner,
});
await producer.connect();
const watch = new Stopwatch();
for (let from = 0; from < total; from += 1_000) {
  const messages = [...events(from, Math.min(total, from + 1_000), total)].map(({ key, value, timestampMs }) => ({
    key,
    value,
    timestamp: String(timestampMs),
  }));
  await producer.send({ topic, messages });
}
report({ ...watch.stop(), records: total, result: `${total} records` });
await producer.disconnect();
