/** A consumer group of KafkaJS whose members come and go, committing as they read. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer } from 'kafkajs';
import { raise } from '../ledger.ts';
import { type Actor, patientKafka, type Stage } from '../stage.ts';

export const readersGroup = 'readers';
const topic = 'mixed';
const maxMembers = 3;

export const groupMembers: Actor = async (stage) => {
  const { random, ending } = stage;
  const members: Consumer[] = [];
  const ended = new Promise<void>((resolve) => ending.addEventListener('abort', () => resolve()));
  while (!ending.aborted) {
    if (members.length < random.between(1, maxMembers)) {
      const member = newMember(stage);
      members.push(member);
      // A member whose first steps the broker did not live to see stays out, until it is its turn to leave.
      await run(member, stage).catch(() => {});
    } else await members.splice(random.below(members.length), 1)[0]?.disconnect();
    await Promise.race([pause(random.between(100, 700)), ended]);
  }
  for (const member of members) await member.disconnect();
};

function newMember({ broker, ledger }: Stage): Consumer {
  const consumer = patientKafka(broker).consumer({
    groupId: readersGroup,
    sessionTimeout: 1_500,
    heartbeatInterval: 100,
    rebalanceTimeout: 1_500,
    maxWaitTimeInMs: 50,
    readUncommitted: false,
    retry: { initialRetryTime: 10, maxRetryTime: 100, retries: 200, restartOnFailure: async () => true },
  });
  consumer.on('consumer.commit_offsets', ({ payload }) => {
    for (const { topic: name, partitions } of payload.topics)
      for (const { partition, offset } of partitions)
        raise(ledger.commit(readersGroup, { topic: name, partition: Number(partition) }), 'certain', BigInt(offset));
  });
  return consumer;
}

async function run(consumer: Consumer, { ledger }: Stage): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommitInterval: 20,
    eachMessage: async ({ partition, message }) => {
      const place = { topic, partition };
      const offset = BigInt(message.offset);
      // Beyond it only control batches and aborted records may stand, which KafkaJS commits over: bounded by the end of the log.
      raise(ledger.commit(readersGroup, place), 'possible', offset + 1n);
      ledger.delivered(readersGroup, place, offset, String(message.value));
    },
  });
}
