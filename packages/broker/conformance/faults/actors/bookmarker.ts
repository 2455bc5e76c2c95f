/** Commits growing offsets of many groups without members, several partitions a request. */
import { setTimeout as pause } from 'node:timers/promises';
import { offsetCommit } from '../../../src/apis/08-offset-commit.ts';
import { ErrorCode } from '../../../src/wire/error-code.ts';
import { raise } from '../ledger.ts';
import { type Actor, overLives } from '../stage.ts';

const topic = 'mixed';
const groupCount = 8;

export const bookmarker: Actor = (stage) => {
  const { ledger, random, ending } = stage;
  let offset = 0n;
  return overLives(stage, async (client) => {
    do {
      const groupId = `bookmarks-${random.below(groupCount)}`;
      offset += 1n;
      const places = [0, 1, 2, 3].filter(() => random.chance(50)).map((partition) => ({ topic, partition }));
      for (const place of places) raise(ledger.commit(groupId, place), 'possible', offset);
      const partitions = places.map(({ partition: index }) => ({
        index,
        offset,
        leaderEpoch: -1,
        metadata: 'm'.repeat(random.below(500)),
      }));
      const request = {
        ...offsetCommit.request.empty,
        groupId,
        generationId: -1,
        topics: [{ name: topic, partitions }],
      };
      const answer = await client.call(offsetCommit, 7, request);
      const refused = answer.topics[0]?.partitions.find(({ errorCode }) => errorCode !== ErrorCode.none);
      if (refused !== undefined) throw new Error(`a commit of ${groupId} was refused with ${refused.errorCode}`);
      for (const place of places) raise(ledger.commit(groupId, place), 'certain', offset);
      await pause(random.below(3));
    } while (!ending.aborted);
  });
};
