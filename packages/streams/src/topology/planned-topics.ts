import { type AppDocument, changelogTopic, lateTopic, type PlannedTopic, type Topic } from '@millrace/spec';
import type { Copartition } from './copartition.ts';
import type { Partitioning } from './partitioning.ts';

export type TopicPlan = PlannedTopic & {
  readonly configs: Readonly<Record<string, string>>;
  readonly replication: number;
};

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

/** Every Kafka topic that must exist before the app starts, each once; one that the document declares is as it says. */
export const plannedTopics = (
  document: AppDocument,
  copartitions: readonly Copartition[],
  partitioning: Partitioning,
): TopicPlan[] => {
  const topics = new Map<string, TopicPlan>();
  const add = (topic: TopicPlan): void => {
    if (!topics.has(topic.name)) topics.set(topic.name, topic);
  };
  const declared = Object.values(document.topics);
  // Internal topics are kept as safe as the safest of the app's own.
  const replication = Math.max(1, ...declared.map((topic) => topic.replication));
  for (const topic of declared) add({ ...ofDocument(topic), partitions: partitioning.topic(topic.name) });
  for (const { stages, tables, partitions } of copartitions) {
    for (const { repartition } of stages) {
      if (repartition === undefined) continue;
      add({
        name: repartition.format.topic,
        role: 'repartition',
        partitions: partitioning.topic(repartition.format.topic),
        replication,
        configs: repartitionConfigs,
      });
    }
    for (const table of tables) {
      add({
        name: changelogTopic(document.app, table),
        role: 'changelog',
        partitions,
        replication,
        configs: {
          'cleanup.policy': 'compact',
          'min.compaction.lag.ms': String(compactionLagMs),
          'segment.bytes': String(changelogSegmentBytes),
          'segment.ms': String(changelogSegmentMs),
          ...eventDated,
        },
      });
      if (document.tables[table]?.window === undefined) continue;
      add({
        name: lateTopic(document.app, table),
        role: 'late',
        partitions,
        replication,
        configs: deleting(failureRetentionMs),
      });
    }
  }
  add({
    name: document.settings.deadLetterTopic,
    role: 'dead-letters',
    partitions: 1,
    replication,
    configs: deleting(failureRetentionMs),
  });
  return [...topics.values()];
};

/** The names of the app's own topics between its stages. */
export const repartitionTopics = (topics: readonly PlannedTopic[]): Set<string> =>
  new Set(topics.filter(({ role }) => role === 'repartition').map(({ name }) => name));

/** Kafka's names of the topics that agents send to. */
export const sinkTopics = ({ agents, topics }: AppDocument): string[] => {
  const ids = Object.values(agents).flatMap(({ steps }) =>
    steps.flatMap((step) => (step.op === 'send' ? step.to : [])),
  );
  return [...new Set(ids.flatMap((id) => topics[id]?.name ?? []))];
};

const ofDocument = (topic: Topic): TopicPlan => ({
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
