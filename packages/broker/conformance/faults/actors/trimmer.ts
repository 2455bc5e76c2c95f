/** Deletes records from the start of a topic's partitions. */
import { setTimeout as pause } from 'node:timers/promises';
import { listOffsets } from '../../../src/apis/02-list-offsets.ts';
import { deleteRecords } from '../../../src/apis/21-delete-records.ts';
import { ErrorCode } from '../../../src/wire/error-code.ts';
import { raise } from '../ledger.ts';
import { type Actor, overLives } from '../stage.ts';

const topic = 'trimmed';

export const trimmer: Actor = (stage) => {
  const { ledger, random, ending } = stage;
  return overLives(stage, async (client) => {
    do {
      const partition = random.below(2);
      const latest = { index: partition, currentLeaderEpoch: -1, timestampMs: -1n };
      const listed = await client.call(listOffsets, 2, {
        ...listOffsets.request.empty,
        topics: [{ name: topic, partitions: [latest] }],
      });
      const end = Number(listed.topics[0]?.partitions[0]?.offset ?? 0n);
      const offset = BigInt(Math.max(0, end - random.below(200)));
      const start = ledger.start({ topic, partition });
      raise(start, 'possible', offset);
      const partitions = [{ index: partition, offset }];
      const answer = await client.call(deleteRecords, 1, { topics: [{ name: topic, partitions }], timeoutMs: 5_000 });
      const { errorCode } = answer.topics[0]?.partitions[0] ?? {};
      // What lies before the start already is out of range, as Kafka says too.
      if (errorCode === ErrorCode.none) raise(start, 'certain', offset);
      else if (errorCode !== ErrorCode.offsetOutOfRange)
        throw new Error(`deleting records was refused with ${errorCode}`);
      await pause(random.between(5, 60));
    } while (!ending.aborted);
  });
};
