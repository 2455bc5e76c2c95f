import { KafkaUnavailable, startApacheKafka } from '../../scripts/apache-kafka.mjs';
import type { BrokerProcess } from './embedded-broker.ts';

/** Null, and said, where it cannot be had on this machine. */
export async function startApache(dir: string): Promise<BrokerProcess | null> {
  try {
    return await startApacheKafka({ dir, onProgress: (line) => console.log(`\n${line}`) });
  } catch (error) {
    if (!(error instanceof KafkaUnavailable)) throw error;
    console.log(`\nThe embedded broker is measured alone. ${error.message}`);
    return null;
  }
}
