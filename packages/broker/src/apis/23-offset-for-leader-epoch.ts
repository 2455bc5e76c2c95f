/**
 * OffsetForLeaderEpoch (23), 2–4: where the records of a leader epoch end, by which a consumer finds out whether what it has read is still
 * in the log. Flexible from 4. There is one epoch: it ends where the log ends, and any other is unknown (epoch and offset -1).
 * 2: the epoch that the asker takes for the present one. 3: replica id.
 */
import { leaderEpoch } from '../log/partition-log.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, int16, int32, int64, since, string, struct } from '../wire/schema.ts';
import { checkEpoch } from './01-fetch.ts';
import { defineApi } from './api.ts';

export const offsetForLeaderEpoch = defineApi({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  first: 2,
  last: 4,
  flexibleFrom: 4,
  request: struct({
    replicaId: since(3, int32, -2),
    topics: array(
      struct({
        name: string,
        partitions: array(struct({ index: int32, currentLeaderEpoch: int32, leaderEpoch: int32 })),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: string,
        partitions: array(struct({ errorCode: int16, index: int32, leaderEpoch: int32, endOffset: int64 })),
      }),
    ),
  }),
  handle: ({ topics }, { broker }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ index, currentLeaderEpoch, leaderEpoch: asked }) => {
        const nowhere = { index, leaderEpoch: -1, endOffset: -1n };
        try {
          const { endOffset } = broker.topics.partition(name, index);
          checkEpoch(currentLeaderEpoch);
          const found = asked === leaderEpoch ? { index, leaderEpoch, endOffset } : nowhere;
          return { errorCode: ErrorCode.none, ...found };
        } catch (error) {
          if (!(error instanceof KafkaError)) throw error;
          return { errorCode: error.code, ...nowhere };
        }
      }),
    })),
  }),
});
