import type { AssignedTopic } from '@millrace/streams';
import type { Cluster, TopicMetadata } from '../network/cluster.ts';

/** Topics as a group divides them. */
export type TopicStates = ReadonlyMap<string, AssignedTopic>;

/** What Kafka says of these topics now; leaders are learnt on the way. */
export async function topicStates(cluster: Cluster, topics: readonly string[]): Promise<TopicStates> {
  if (topics.length === 0) return new Map();
  const { topicMetadata } = await cluster.metadata(topics);
  return statesOf(topics, new Map(topicMetadata.map((each) => [each.topic, each])));
}

/** Of topics that Kafka does not know: no partitions. */
export const statesOf = (topics: readonly string[], metadata: ReadonlyMap<string, TopicMetadata>): TopicStates =>
  new Map(
    topics.map((topic) => {
      const { topicId = null, partitionMetadata = [] } = metadata.get(topic) ?? {};
      return [topic, { id: topicId, partitions: partitionMetadata.length }];
    }),
  );

/** Topics that are there now, with other partitions or as another topic than before. */
export const changedTopics = (before: TopicStates, now: TopicStates): string[] =>
  [...now].flatMap(([topic, { id, partitions }]) => {
    const was = before.get(topic);
    const same =
      was === undefined || (was.partitions === partitions && (was.id === id || was.id === null || id === null));
    return partitions === 0 || same ? [] : [topic];
  });

/** Topics that were there before, and are not now. */
export const missingTopics = (before: TopicStates, now: TopicStates): string[] =>
  [...now].flatMap(([topic, { partitions }]) =>
    partitions === 0 && (before.get(topic)?.partitions ?? 0) > 0 ? [topic] : [],
  );
