/** KafkaJS transactions over several partitions, the compacted topic's among them, with offsets of a group; some are aborted. */
import type { Transaction as OpenTransaction, Producer } from 'kafkajs';
import type { Place, Transaction } from '../ledger.ts';
import { type Actor, patientKafka, type Stage } from '../stage.ts';

export function transactor(name: string): Actor {
  return async (stage) => {
    const { broker, ending } = stage;
    const position = { offset: 0n };
    // A producer that has failed is replaced by one of the same name, which ends what that left open.
    for (let isSettled = false; !isSettled; ) {
      const producer = patientKafka(broker).producer({
        transactionalId: name,
        idempotent: true,
        maxInFlightRequests: 1,
      });
      try {
        await producer.connect();
        do await transact(producer, name, position, stage);
        while (!ending.aborted);
        isSettled = true;
      } catch {
        // What became of its transaction stands in the ledger.
      } finally {
        await producer.disconnect().catch(() => {}); // It may be gone already.
      }
    }
  };
}

async function transact(producer: Producer, name: string, position: { offset: bigint }, stage: Stage): Promise<void> {
  const { random, ledger } = stage;
  const open = await producer.transaction();
  const transaction = ledger.transaction(name);
  for (let sends = random.between(1, 3); sends > 0; sends -= 1) {
    const isKeyed = random.chance(30);
    const place = isKeyed
      ? { topic: 'latest', partition: random.below(2) }
      : { topic: 'mixed', partition: random.below(4) };
    await send(open, transaction, place, isKeyed ? `${name}-${place.partition}-${random.below(4)}` : null, stage);
  }
  if (random.chance(60)) {
    const group = `${name}-group`;
    position.offset += BigInt(random.between(1, 10));
    const { offset } = position;
    transaction.offsets.push({ group, topic: 'mixed', partition: 0, offset });
    await open.sendOffsets({
      consumerGroupId: group,
      topics: [{ topic: 'mixed', partitions: [{ partition: 0, offset: String(offset) }] }],
    });
  }
  if (random.chance(25)) return open.abort();
  transaction.fate = 'unknown';
  await open.commit();
  transaction.fate = 'committed';
}

async function send(
  open: OpenTransaction,
  transaction: Transaction,
  place: Place,
  key: string | null,
  { random, ledger }: Stage,
): Promise<void> {
  const writes = Array.from({ length: random.between(1, 5) }, () =>
    ledger.write(place, ledger.value('transacted', random.below(100)), key, transaction),
  );
  const messages = writes.map(({ value }) => ({ key, value, partition: place.partition }));
  const [answer] = await open.send({ topic: place.topic, messages });
  ledger.acknowledge(writes, BigInt(answer?.baseOffset ?? -1));
}
