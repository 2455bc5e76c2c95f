/** The contract of every driver, and the runtime's main laws, over KafkaJS: on the embedded broker, or on the Kafka of KAFKA_BROKERS. */
import { runtimeSuite, transportSuite } from '@millrace/streams/testing';
import { afterAll, beforeAll } from 'vitest';
import { kafkaJsTransport } from './kafkajs-transport.ts';
import { beginTransaction } from './testing/foreign-transaction.ts';
import { type KafkaUnderTest, kafkaUnderTest } from './testing/kafka-under-test.ts';

let kafka: KafkaUnderTest;
beforeAll(async () => {
  kafka = await kafkaUnderTest();
});
afterAll(() => kafka.stop());

const connect = () => kafkaJsTransport({ brokers: kafka.brokers, metadataMaxAgeMs: 1_000 });
transportSuite('kafkajs', connect, (topic) => beginTransaction(kafka.brokers, topic));
runtimeSuite('kafkajs', connect);
