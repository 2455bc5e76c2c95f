/** Writes values and tombstones of its own keys to the compacted topic, some compressed; each key's order is the order of its writes. */
import { setTimeout as pause } from 'node:timers/promises';
import { CompressionTypes } from 'kafkajs';
import { type Actor, patientKafka } from '../stage.ts';

const keyCount = 12;

export function keyWriter(name: string): Actor {
  return async ({ broker, random, ledger, ending }) => {
    const producer = patientKafka(broker).producer({ retry: { retries: 0 } });
    while (!ending.aborted) {
      const partition = random.below(2);
      const writes = Array.from({ length: random.between(1, 6) }, () => {
        const key = `${name}-${partition}-${random.below(keyCount)}`;
        const value = random.chance(20) ? null : ledger.value(name, random.below(100));
        return ledger.write({ topic: 'latest', partition }, value, key);
      });
      try {
        await producer.connect();
        const [answer] = await producer.send({
          topic: 'latest',
          acks: -1,
          compression: random.chance(30) ? CompressionTypes.GZIP : CompressionTypes.None,
          messages: writes.map(({ key, value }) => ({ key, value, partition })),
        });
        ledger.acknowledge(writes, BigInt(answer?.baseOffset ?? -1));
      } catch {
        await pause(10);
      }
    }
    await producer.disconnect();
  };
}
