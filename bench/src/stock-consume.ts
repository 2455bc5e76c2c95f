/** KafkaJS' consumer alone: `eachBatch`, every value touched. */
import { Kafka, logLevel } from 'kafkajs';
import { report, Stopwatch } from './measurement.ts';

const [brokers = '', topic = '', expected = '0'] = process.argv.slice(2);
const kafka = new Kafka({ clientId: 'stock', brokers: brokers.split(','), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: `stock-${process.pid}-${Date.now()}`, maxWaitTimeInMs: 500 });
let records = 0;
let bytes = 0;
let done = (): void => {};
const finished = new Promise<void>((resolve) => {
  done = resolve;
});
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
const watch = new Stopwatch();
await consumer.run({
  eachBatch: async ({ batch }) => {
    for (const { value } of batch.messages) bytes += value?.length ?? 0;
    records += batch.messages.length;
    if (records >= Number(expected)) done();
  },
});
await finished;
report({ ...watch.stop(), records, result: `${bytes} bytes` });
await consumer.disconnect();
