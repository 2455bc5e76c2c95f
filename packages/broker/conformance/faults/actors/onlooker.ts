/** Reads a topic read_committed as it grows, waiting at its end, and goes on where it was when the broker is back. */
import { fetchOne } from '../../requests.ts';
import { recordsOf } from '../partition-content.ts';
import { type Actor, overLives } from '../stage.ts';

const topic = 'mixed';

export const onlooker: Actor = (stage) => {
  const { ledger, random, ending } = stage;
  const positions = [0n, 0n, 0n, 0n];
  return overLives(stage, async (client) => {
    do {
      const partition = random.below(positions.length);
      const offset = positions[partition] ?? 0n;
      const maxBytes = random.between(1_000, 50_000);
      const read = await fetchOne(client, topic, { partition, offset, committed: true, maxWaitMs: 10, maxBytes });
      if (read.errorCode !== 0)
        throw new Error(`reading ${topic} ${partition} at ${offset} was refused with ${read.errorCode}`);
      for (const record of recordsOf(read))
        if (record.isCommitted)
          ledger.delivered(onlooker.name, { topic, partition }, record.offset, String(record.value));
      positions[partition] = (read.batches.at(-1)?.lastOffset ?? offset - 1n) + 1n;
    } while (!ending.aborted);
  });
};
