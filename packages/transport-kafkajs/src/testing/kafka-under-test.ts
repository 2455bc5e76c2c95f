import { MemoryDisk, startBroker } from '@millrace/broker';

export interface KafkaUnderTest {
  readonly brokers: readonly string[];
  readonly real: boolean;
  stop(): Promise<void>;
}

/** The Kafka of KAFKA_BROKERS (`npm run test:kafka`), or an embedded broker that lives in memory. */
export async function kafkaUnderTest(): Promise<KafkaUnderTest> {
  const given = process.env['KAFKA_BROKERS'];
  if (given) return { brokers: given.split(','), real: true, stop: async () => {} };
  const broker = await startBroker({ port: 0, disk: new MemoryDisk(), minSessionTimeoutMs: 500 });
  return { brokers: [`${broker.host}:${broker.port}`], real: false, stop: () => broker.stop() };
}
