/**
 * OffsetDelete (47), 0: drops committed offsets of a group, but not of topics that its members read
 * (GROUP_SUBSCRIBED_TO_TOPIC). Not flexible.
 */
import { ErrorCode } from '../wire/error-code.ts';
import { array, int16, int32, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const offsetDelete = defineApi({
  key: 47,
  name: 'OffsetDelete',
  first: 0,
  last: 0,
  flexibleFrom: 1,
  request: struct({
    groupId: string,
    topics: array(struct({ name: string, partitions: array(struct({ index: int32 })) })),
  }),
  response: struct({
    errorCode: int16,
    throttleTimeMs: int32,
    topics: array(struct({ name: string, partitions: array(struct({ index: int32, errorCode: int16 })) })),
  }),
  async handle({ groupId, topics }, { broker }) {
    const group = broker.groups.get(groupId);
    if (group === undefined) return { errorCode: ErrorCode.groupIdNotFound, throttleTimeMs: 0, topics: [] };
    const subscribed = broker.groups.subscribedTopics(group);
    const answers = topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ index }) => ({
        index,
        errorCode: subscribed.has(name)
          ? ErrorCode.groupSubscribedToTopic
          : broker.topics.get(name)?.partitions[index] === undefined
            ? ErrorCode.unknownTopicOrPartition
            : ErrorCode.none,
      })),
    }));
    const dropped = answers.flatMap(({ name, partitions }) =>
      partitions
        .filter((one) => one.errorCode === ErrorCode.none)
        .map(({ index }) => ({ topic: name, partition: index })),
    );
    await broker.groups.offsets.drop(groupId, dropped);
    return { errorCode: ErrorCode.none, throttleTimeMs: 0, topics: answers };
  },
});
