/** KafkaJS without idempotence and without retries: what fails may or may not have been written, once at most. */
import { setTimeout as pause } from 'node:timers/promises';
import { CompressionTypes } from 'kafkajs';
import { type Actor, patientKafka, stageTopics } from '../stage.ts';

export const plainProducer: Actor = async ({ broker, random, ledger, ending }) => {
  const producer = patientKafka(broker).producer({ retry: { retries: 0 } });
  const topics = stageTopics.filter(({ name }) => ['mixed', 'trimmed', 'rolling'].includes(name));
  while (!ending.aborted) {
    const { name: topic, partitionCount } = random.pick(topics);
    const partition = random.below(partitionCount);
    const writes = Array.from({ length: random.between(1, 20) }, () =>
      ledger.write({ topic, partition }, ledger.value('plain', random.below(300))),
    );
    try {
      await producer.connect();
      const [answer] = await producer.send({
        topic,
        acks: random.pick([-1, 1]),
        compression: random.chance(30) ? CompressionTypes.GZIP : CompressionTypes.None,
        messages: writes.map(({ value }) => ({ value, partition })),
      });
      ledger.acknowledge(writes, BigInt(answer?.baseOffset ?? -1));
    } catch {
      await pause(10); // Unknown: the ledger says so already.
    }
  }
  await producer.disconnect();
};
