/**
 * OffsetFetch (9), 1–8: the committed offsets of a group, of several since 8. Flexible from 6.
 *
 * Offset -1 where nothing is committed. 2: null topics mean all that are committed; an error for the whole. 3: throttle
 * time. 5: leader epoch. 7: `requireStable` answers UNSTABLE_OFFSET_COMMIT where a transaction is about to change the offset.
 */
import type { Broker } from '../broker.ts';
import { ErrorCode } from '../wire/error-code.ts';
import {
  array,
  boolean,
  int16,
  int32,
  int64,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  until,
} from '../wire/schema.ts';
import { defineApi } from './api.ts';

const topicsRequest = nullableArray(struct({ name: string, partitions: array(int32) }));
const topicsResponse = array(
  struct({
    name: string,
    partitions: array(
      struct({ index: int32, offset: int64, leaderEpoch: since(5, int32), metadata: nullableString, errorCode: int16 }),
    ),
  }),
);

export const offsetFetch = defineApi({
  key: 9,
  name: 'OffsetFetch',
  first: 1,
  last: 8,
  flexibleFrom: 6,
  request: struct({
    groupId: until(7, string),
    topics: until(7, topicsRequest),
    groups: since(8, array(struct({ groupId: string, topics: topicsRequest }))),
    requireStable: since(7, boolean),
  }),
  response: struct({
    throttleTimeMs: since(3, int32),
    topics: until(7, topicsResponse),
    errorCode: since(2, until(7, int16)),
    groups: since(8, array(struct({ groupId: string, topics: topicsResponse, errorCode: int16 }))),
  }),
  handle({ groupId, topics, groups, requireStable }, { broker, version }) {
    const answer = { throttleTimeMs: 0, errorCode: ErrorCode.none, topics: [], groups: [] };
    if (version < 8) return { ...answer, topics: offsetsOf(broker, groupId, topics, requireStable) };
    return {
      ...answer,
      groups: groups.map((group) => ({
        groupId: group.groupId,
        topics: offsetsOf(broker, group.groupId, group.topics, requireStable),
        errorCode: ErrorCode.none,
      })),
    };
  },
});

type Wanted = readonly { readonly name: string; readonly partitions: readonly number[] }[];

function offsetsOf(broker: Broker, groupId: string, topics: Wanted | null, requireStable: boolean) {
  const { offsets } = broker.groups;
  const wanted = topics ?? committedTopics(broker, groupId);
  return wanted.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((index) => {
      if (requireStable && broker.transactions.isPending(groupId, { topic: name, partition: index })) {
        return { index, offset: -1n, leaderEpoch: -1, metadata: '', errorCode: ErrorCode.unstableOffsetCommit };
      }
      const committed = offsets.get(groupId, name, index);
      return {
        index,
        offset: committed?.offset ?? -1n,
        leaderEpoch: committed?.leaderEpoch ?? -1,
        metadata: committed?.metadata ?? '',
        errorCode: ErrorCode.none,
      };
    }),
  }));
}

function committedTopics(broker: Broker, groupId: string): Wanted {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of broker.groups.offsets.of(groupId)) {
    topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  }
  return [...topics].map(([name, partitions]) => ({ name, partitions }));
}
