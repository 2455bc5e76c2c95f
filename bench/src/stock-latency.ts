/** How long KafkaJS as it comes takes to have a lone record. */
import { Kafka, logLevel } from 'kafkajs';
import { loneRecords } from './lone-records.ts';

const [brokers = '', topic = '', expected = '0'] = process.argv.slice(2);
const kafka = new Kafka({ clientId: 'bare', brokers: brokers.split(','), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: `bare-${process.pid}-${Date.now()}`, maxWaitTimeInMs: 500 });
let records = 0;
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
await consumer.run({
  eachBatch: async ({ batch }) => {
    records += batch.messages.length;
  },
});
await joined;
console.log(JSON.stringify(await loneRecords(brokers, topic, Number(expected), () => records)));
await consumer.disconnect();
