/** This project's consumer alone, every value touched. */
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { report, Stopwatch } from './measurement.ts';

const [brokers = '', topic = '', expected = '0'] = process.argv.slice(2);
const transport = kafkaJsTransport({ brokers: brokers.split(',') });
let records = 0;
let bytes = 0;
let done = (): void => {};
const finished = new Promise<void>((resolve) => {
  done = resolve;
});
const consumer = transport.consumer(
  { groupId: `driver-${process.pid}-${Date.now()}`, startFrom: 'earliest', copartitioned: [[topic]] },
  {
    assigned: async () => {},
    revoked: async () => {},
    batch: (batch) => {
      for (const { value } of batch.records) bytes += value?.length ?? 0;
      records += batch.records.length;
      if (records >= Number(expected)) done();
    },
    outOfRange: () => {},
    failed: (error) => console.error(error.message),
    recovered: () => {},
  },
);
const watch = new Stopwatch();
await consumer.start();
await finished;
report({ ...watch.stop(), records, result: `${bytes} bytes` });
await transport.close();
