/**
 * DescribeTopicPartitions (75), 0: topics with their partitions, in the order of their names and at most so many partitions in an answer;
 * `nextCursor` says where the next one goes on. Always flexible. No names mean all topics. With one replica, none is waiting to be elected.
 */
import { ErrorCode } from '../wire/error-code.ts';
import {
  array,
  boolean,
  int16,
  int32,
  nullable,
  nullableArray,
  nullableString,
  string,
  struct,
  uuid,
  type ValueOf,
} from '../wire/schema.ts';
import { describePartition, unknownOperations } from './03-metadata.ts';
import { defineApi } from './api.ts';

/** Kafka's max.request.partition.size.limit. */
const maxPartitions = 2_000;

const cursor = nullable(struct({ topicName: string, partitionIndex: int32 }));

const topicResponse = struct({
  errorCode: int16,
  name: nullableString,
  id: uuid,
  isInternal: boolean,
  partitions: array(
    struct({
      errorCode: int16,
      index: int32,
      leaderId: int32,
      leaderEpoch: int32,
      replicas: array(int32),
      inSyncReplicas: array(int32),
      eligibleLeaders: nullableArray(int32),
      lastKnownEligibleLeaders: nullableArray(int32),
      offlineReplicas: array(int32),
    }),
  ),
  authorizedOperations: int32,
});

export const describeTopicPartitions = defineApi({
  key: 75,
  name: 'DescribeTopicPartitions',
  first: 0,
  last: 0,
  flexibleFrom: 0,
  request: struct({ topics: array(struct({ name: string })), partitionLimit: int32, cursor }),
  response: struct({ throttleTimeMs: int32, topics: array(topicResponse), nextCursor: cursor }),
  handle({ topics, partitionLimit, cursor: from }, { broker }) {
    const asked = topics.length > 0 ? topics : broker.topics.all();
    const names = [...new Set(asked.map(({ name }) => name))].sort();
    const answers: ValueOf<typeof topicResponse>[] = [];
    let left = Math.max(1, Math.min(partitionLimit, maxPartitions));
    let nextCursor: ValueOf<typeof cursor> = null;
    for (const name of names) {
      if (from !== null && name < from.topicName) continue;
      const topic = broker.topics.get(name);
      if (topic === undefined) {
        answers.push({ ...topicResponse.empty, ...unknown, name });
        continue;
      }
      const first = name === from?.topicName ? Math.max(0, from.partitionIndex) : 0;
      const end = Math.min(topic.partitions.length, first + left);
      if (left > 0) {
        const partitions = topic.partitions.slice(first, end).map((_, i) => ({
          ...describePartition(first + i, broker.nodeId),
          ...noCandidates,
        }));
        answers.push({ ...unknown, errorCode: ErrorCode.none, name, id: topic.id, isInternal: false, partitions });
        left -= partitions.length;
      }
      if (end < topic.partitions.length) {
        nextCursor = { topicName: name, partitionIndex: end };
        break;
      }
    }
    return { throttleTimeMs: 0, topics: answers, nextCursor };
  },
});

const unknown = { errorCode: ErrorCode.unknownTopicOrPartition, authorizedOperations: unknownOperations };

/** Besides its one replica nobody could lead. */
const noCandidates = { eligibleLeaders: [], lastKnownEligibleLeaders: [] };
