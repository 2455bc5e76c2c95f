/**
 * ListOffsets (2), 1–7: offsets by time. Flexible from 6.
 *
 * Special times: -1 the end (for read_committed, the last stable offset), -2 the start, -3 the record with the highest
 * timestamp (since 7). 2: isolation. 4: leader epochs. A time after the last record answers offset -1.
 */
import { leaderEpoch, type PartitionLog } from '../log/partition-log.ts';
import { firstOffsetAtOrAfter, offsetOfMaxTimestamp } from '../log/time-lookup.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, int8, int16, int32, int64, since, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const listOffsets = defineApi({
  key: 2,
  name: 'ListOffsets',
  first: 1,
  last: 7,
  flexibleFrom: 6,
  request: struct({
    replicaId: int32,
    isolationLevel: since(2, int8),
    topics: array(
      struct({
        name: string,
        partitions: array(struct({ index: int32, currentLeaderEpoch: since(4, int32, -1), timestampMs: int64 })),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: since(2, int32),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            index: int32,
            errorCode: int16,
            timestampMs: int64,
            offset: int64,
            leaderEpoch: since(4, int32),
          }),
        ),
      }),
    ),
  }),
  async handle({ topics, isolationLevel }, { broker }) {
    const answers = await Promise.all(
      topics.map(async ({ name, partitions }) => ({
        name,
        partitions: await Promise.all(
          partitions.map(async ({ index, timestampMs }) => {
            try {
              const found = await lookUp(broker.topics.partition(name, index), timestampMs, isolationLevel === 1);
              return { index, errorCode: ErrorCode.none, ...found, leaderEpoch: found.offset < 0n ? -1 : leaderEpoch };
            } catch (error) {
              if (!(error instanceof KafkaError)) throw error;
              return { index, errorCode: error.code, timestampMs: -1n, offset: -1n, leaderEpoch: -1 };
            }
          }),
        ),
      })),
    );
    return { throttleTimeMs: 0, topics: answers };
  },
});

async function lookUp(log: PartitionLog, timestampMs: bigint, committedOnly: boolean) {
  if (timestampMs === -1n) return { timestampMs: -1n, offset: committedOnly ? log.stableOffset : log.endOffset };
  if (timestampMs === -2n) return { timestampMs: -1n, offset: log.startOffset };
  if (timestampMs < -3n) throw new KafkaError(ErrorCode.unsupportedVersion, `there is no special time ${timestampMs}`);
  const found =
    timestampMs === -3n ? await offsetOfMaxTimestamp(log) : await firstOffsetAtOrAfter(log, Number(timestampMs));
  return { timestampMs: BigInt(found?.timestampMs ?? -1), offset: found?.offset ?? -1n };
}
