import type { AppDocument, Topic } from '@millrace/spec';
import type { KafkaTopic, Store, Subtopology } from './dataflow.ts';
import type { Partitions } from './partitions.ts';

const dayMs = 86_400_000;
const failureRetentionMs = 14 * dayMs;
const everMs = '9223372036854775807';
/**
 * Records dated to their events: the broker is to keep the date, and to refuse none for being old or ahead (since Kafka 4, it refuses what is an
 * hour ahead).
 */
const eventDated = {
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.before.max.ms': everMs,
  'message.timestamp.after.max.ms': everMs,
};
/** What is under way is kept until the task downstream has committed it and deletes it itself: never for its event's age (KIP-284). */
const repartitionConfigs = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  ...eventDated,
};
/** How long a changelog keeps a value that a later one replaces: within it, a restore can take back what an unfinished flush wrote (SPEC C5). */
const compactionLagMs = 3_600_000;
/**
 * The segment that is written to is never compacted: of Kafka's own size (1 GiB, 7 days), a restore would read a week of replaced values. Shorter
 * than the lag would only make more files. Time is the flushes' markers', which is the wall clock's: a replay of old events rolls no faster.
 */
const changelogSegmentBytes = 64 * 1024 * 1024;
const changelogSegmentMs = compactionLagMs;

const changelogConfigs = {
  'cleanup.policy': 'compact',
  'min.compaction.lag.ms': String(compactionLagMs),
  'segment.bytes': String(changelogSegmentBytes),
  'segment.ms': String(changelogSegmentMs),
  ...eventDated,
};

/** Every Kafka topic that must exist before the app starts, each once; one that the document declares is as it says. */
export function kafkaTopics(
  document: AppDocument,
  subtopologies: readonly Subtopology[],
  stores: readonly Store[],
  partitions: Partitions,
): KafkaTopic[] {
  const topics = new Map<string, KafkaTopic>();
  const add = (topic: KafkaTopic): void => {
    if (!topics.has(topic.name)) topics.set(topic.name, topic);
  };
  const declared = Object.values(document.topics);
  // Internal topics are kept as safe as the safest of the app's own.
  const replication = Math.max(1, ...declared.map((topic) => topic.replication));
  for (const topic of declared) add({ ...ofDocument(topic), partitions: partitions.topic(topic.name) });
  for (const { topic: name, partitions: count } of subtopologies.flatMap(({ outlets }) => outlets))
    add({ name, role: 'repartition', partitions: count, replication, configs: repartitionConfigs });
  const known = new Map(stores.map((store) => [store.id, store]));
  for (const part of subtopologies) {
    for (const { changelog, lateTopic } of part.stores.flatMap((id) => known.get(id) ?? [])) {
      const shared = { partitions: part.partitions, replication };
      add({ name: changelog, role: 'changelog', configs: changelogConfigs, ...shared });
      if (lateTopic !== null) add({ name: lateTopic, role: 'late', configs: deleting(failureRetentionMs), ...shared });
    }
  }
  const configs = deleting(failureRetentionMs);
  add({ name: document.settings.deadLetterTopic, role: 'dead-letters', partitions: 1, replication, configs });
  return [...topics.values()];
}

const ofDocument = (topic: Topic): KafkaTopic => ({
  name: topic.name,
  role: 'topic',
  partitions: topic.partitions,
  replication: topic.replication,
  configs: {
    'cleanup.policy': topic.cleanup,
    ...(topic.retentionMs === undefined ? undefined : { 'retention.ms': String(topic.retentionMs) }),
  },
});

const deleting = (retentionMs: number): Record<string, string> => ({
  'cleanup.policy': 'delete',
  'retention.ms': String(retentionMs),
});
