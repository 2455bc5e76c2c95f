import type { ForeignTransaction } from '@millrace/streams/testing';
import { Kafka, logLevel } from 'kafkajs';

/** A transaction of stock KafkaJS, which stays open until it is ended or the broker ends it. */
export async function beginTransaction(brokers: readonly string[], topic: string): Promise<ForeignTransaction> {
  const kafka = new Kafka({ clientId: 'foreign', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    transactionalId: `tx-${crypto.randomUUID()}`,
    maxInFlightRequests: 1,
    transactionTimeout: 60_000,
    retry: { initialRetryTime: 20, retries: 20 },
  });
  await producer.connect();
  const transaction = await producer.transaction();
  return {
    send: async (values) => {
      await transaction.send({ topic, messages: values.map((value) => ({ key: 'k', value, partition: 0 })) });
    },
    commit: async () => {
      await transaction.commit();
      await producer.disconnect();
    },
    abort: async () => {
      await transaction.abort();
      await producer.disconnect();
    },
  };
}
