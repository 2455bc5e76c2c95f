/**
 * Sends batches with sequences of its own, several at a time, and after a death of the broker all that were not answered
 * again, with the sequences they had: each must be written exactly once. Sometimes it repeats what was answered, which must
 * be answered as before.
 */
import { produce } from '../../../src/apis/00-produce.ts';
import { initProducerId } from '../../../src/apis/22-init-producer-id.ts';
import { ErrorCode } from '../../../src/wire/error-code.ts';
import type { RawClient } from '../../raw-client.ts';
import { batchOf } from '../../record-batches.ts';
import type { Place, Write } from '../ledger.ts';
import { type Actor, overLives, type Stage } from '../stage.ts';

interface Batch {
  readonly key: string | null;
  readonly writes: readonly Write[];
  readonly sequence: number;
  /** A repetition of a batch that was answered with this offset. */
  readonly repeats: bigint | null;
}

/** As many as Kafka lets a producer have under way in a partition. */
const maxInFlight = 5;

/** Keys of its own where it writes to a compacted topic, which takes none without. */
const keyCount = 6;

export function idempotentProducer(place: Place, isKeyed = false): Actor {
  return async (stage) => {
    let producerId: bigint | undefined;
    let nextSequence = 0;
    let unanswered: Batch[] = [];
    await overLives(stage, async (client) => {
      producerId ??= (await client.call(initProducerId, 4, initProducerId.request.empty)).producerId;
      let answered: Batch | undefined;
      do {
        while (unanswered.length < maxInFlight && stage.random.chance(70) && !stage.ending.aborted) {
          const batch = newBatch(stage, place, isKeyed, nextSequence);
          nextSequence += batch.writes.length;
          unanswered.push(batch);
        }
        if (unanswered.length === 0 && answered !== undefined)
          unanswered.push({ ...answered, repeats: answered.writes[0]?.offset ?? null });
        for (const batch of unanswered) send(client, place, batch, producerId);
        for (const batch of [...unanswered]) {
          await takeAnswer(client, batch, stage);
          unanswered = unanswered.filter((other) => other !== batch);
          answered = batch;
        }
      } while (!stage.ending.aborted || unanswered.length > 0);
    });
  };
}

function newBatch({ ledger, random }: Stage, place: Place, isKeyed: boolean, sequence: number): Batch {
  const key = isKeyed ? `idempotent-${place.partition}-${random.below(keyCount)}` : null;
  const writes = Array.from({ length: random.between(1, 10) }, () =>
    ledger.write(place, ledger.value('idempotent', random.below(200)), key),
  );
  return { key, writes, sequence, repeats: null };
}

function send(
  client: RawClient,
  { topic, partition }: Place,
  { key, writes, sequence }: Batch,
  producerId: bigint,
): void {
  const records = batchOf({ values: writes.map(({ value }) => value), key, producerId, epoch: 0, sequence });
  const topics = [{ name: topic, partitions: [{ index: partition, records }] }];
  client.send(produce, 7, { transactionalId: null, acks: -1, timeoutMs: 5_000, topics });
}

async function takeAnswer(client: RawClient, { writes, sequence, repeats }: Batch, { ledger }: Stage): Promise<void> {
  const { body } = await client.answer(produce, 7);
  const { errorCode = ErrorCode.unknownServerError, baseOffset = -1n } = body.topics[0]?.partitions[0] ?? {};
  // Kafka may also say DUPLICATE_SEQUENCE_NUMBER of a batch that it remembers no offset of; this one never is so old.
  if (errorCode !== ErrorCode.none)
    throw new Error(`an idempotent batch of sequence ${sequence} was refused with ${errorCode}`);
  if (repeats !== null && repeats !== baseOffset)
    throw new Error(`sequence ${sequence} was at ${repeats}, and when repeated at ${baseOffset}`);
  ledger.acknowledge(writes, baseOffset);
}
