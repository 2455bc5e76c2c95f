/**
 * OffsetCommit (8), 2–8: stores where a group is. Flexible from 8.
 *
 * Generation -1 with an empty member id is a consumer outside the group's protocol. Commits are taken while a rebalance
 * is prepared. 2–4 carry a retention time, which Kafka ignores since 2.1 in favour of offsets.retention.minutes.
 * 3: throttle time. 6: leader epoch. 7: group instance id.
 */
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, int16, int32, int64, nullableString, since, string, struct, until } from '../wire/schema.ts';
import { defineApi } from './api.ts';

/** Kafka's offset.metadata.max.bytes. */
export const maxMetadataBytes = 4096;

export const offsetCommit = defineApi({
  key: 8,
  name: 'OffsetCommit',
  first: 2,
  last: 8,
  flexibleFrom: 8,
  request: struct({
    groupId: string,
    generationId: int32,
    memberId: string,
    instanceId: since(7, nullableString),
    retentionTimeMs: until(4, int64),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({ index: int32, offset: int64, leaderEpoch: since(6, int32, -1), metadata: nullableString }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: since(3, int32),
    topics: array(struct({ name: string, partitions: array(struct({ index: int32, errorCode: int16 })) })),
  }),
  async handle({ groupId, generationId, memberId, instanceId, topics }, { broker }) {
    const judge = (name: string, index: number, metadata: string | null): ErrorCode => {
      if (broker.topics.get(name)?.partitions[index] === undefined) return ErrorCode.unknownTopicOrPartition;
      return Buffer.byteLength(metadata ?? '') > maxMetadataBytes ? ErrorCode.offsetMetadataTooLarge : ErrorCode.none;
    };
    const judged = topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((one) => ({ ...one, errorCode: judge(name, one.index, one.metadata) })),
    }));
    const committedMs = broker.clock.now();
    const accepted = judged.flatMap(({ name: topic, partitions }) =>
      partitions
        .filter(({ errorCode }) => errorCode === ErrorCode.none)
        .map(({ index: partition, offset, leaderEpoch, metadata }) => {
          return { topic, partition, offset, leaderEpoch, metadata: metadata ?? '', committedMs };
        }),
    );
    try {
      broker.groups.checkCommit(groupId, memberId, instanceId, generationId);
      await broker.groups.offsets.commit(groupId, accepted);
      return { throttleTimeMs: 0, topics: judged };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      const { code } = error;
      const refused = judged.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ index }) => ({ index, errorCode: code })),
      }));
      return { throttleTimeMs: 0, topics: refused };
    }
  },
});
