import type { ForeignTransaction } from '@millrace/streams/testing';
import { Kafka, logLevel } from 'kafkajs';

/** A transaction of stock KafkaJS, which stays open until it is ended or the broker ends it. */
export async function beginTransaction(brokers: readonly string[], topic: string): Promise<ForeignTransaction> {
  const kafka = new Kafka({ clientId: 'foreign', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const transactionalId = `tx-${crypto.randomUUID()}`;
  const connected = async () => {
    const producer = kafka.producer({
      transactionalId,
      maxInFlightRequests: 1,
      transactionTimeout: 60_000,
      retry: { initialRetryTime: 20, retries: 20 },
    });
    await producer.connect();
    return { producer, transaction: await producer.transaction() };
  };
  const { producer, transaction } = await connected();
  const end = async (how: 'commit' | 'abort') => {
    await transaction[how]();
    await producer.disconnect();
    // Kafka answers once the end is decided and writes the markers afterwards; it lets an heir begin only behind them.
    const heir = await connected();
    await heir.transaction.abort();
    await heir.producer.disconnect();
  };
  return {
    send: async (values) => {
      await transaction.send({ topic, messages: values.map((value) => ({ key: 'k', value, partition: 0 })) });
    },
    commit: () => end('commit'),
    abort: () => end('abort'),
  };
}
