import { compileDataflow, type Dataflow, type Subtopology, storesIn } from '@millrace/dataflow';
import { groupName, type TopicPartitions } from '@millrace/spec';
import { partitionWays, type TransportAdmin, TransportError } from '@millrace/streams';
import type { Candidate } from './candidate.ts';
import { Refusal } from './refusal.ts';

/** A version whose topics are there, compiled for the partitions that they have. */
export interface Settled {
  readonly candidate: Candidate;
  /** What was done that a person should know, in words. */
  readonly said: readonly string[];
}

/**
 * Creates the topics of a version that are not there. An existing one is left as it is, and its partitions rule. Only where a step says with how many a
 * repartition is made, and it or the tables behind it have others, what these hold is dropped and counted again from the first record: `halt` stops the app
 * before. Throws `Refusal` where a table would be split, naming the ways out; `TransportError` as the driver does.
 */
export async function settleTopics(
  admin: TransportAdmin,
  candidate: Candidate,
  halt: () => Promise<void>,
): Promise<Settled> {
  const { document } = candidate;
  const names = candidate.dataflow.topics.map(({ name }) => name);
  const there = new Map((await admin.describeTopics(names)).map(({ name, partitions }) => [name, partitions]));
  const dataflow = compileDataflow(document, there);
  const stale = staleParts(dataflow, there);
  for (const part of stale) checkDirect(dataflow, part, there);
  const parts = affected(dataflow, stale);
  for (const name of stale.length > 0 ? await clear(admin, dataflow, parts, halt) : []) there.delete(name);
  await create(admin, dataflow, there);
  return {
    candidate: { ...candidate, dataflow, partitions: Object.fromEntries(there) },
    said: saidOf(candidate.dataflow, dataflow, stale, parts),
  };
}

/** Parts whose tables or repartitions have other partitions in Kafka than they need. */
function staleParts(dataflow: Dataflow, there: TopicPartitions): Subtopology[] {
  const needed = new Map(dataflow.topics.map(({ name, partitions }) => [name, partitions]));
  const differs = (name: string): boolean => there.has(name) && there.get(name) !== needed.get(name);
  return dataflow.subtopologies.filter((part) => {
    checkTogether(part, there);
    return (
      storesIn(dataflow, part).some(({ changelog }) => differs(changelog)) ||
      part.outlets.some(({ topic }) => differs(topic))
    );
  });
}

/** Sources that are counted together must be partitioned alike in Kafka, whatever the document says. */
function checkTogether(part: Subtopology, there: TopicPartitions): void {
  const { sources, stores } = part;
  const counts = sources.filter((source) => there.has(source)).map((source) => `${source} has ${there.get(source)}`);
  if (stores.length === 0 || new Set(sources.map((source) => there.get(source)).filter(Boolean)).size < 2) return;
  throw new Refusal(
    `${stores.join(', ')} would be counted from topics of different partitions: ${counts.join(', ')}. Give them the same number in Kafka, or put group_by: { key: key, partitions: … } in front of the aggregates.`,
  );
}

/** A table that is fed straight from a topic keeps its keys' partitions only while the topic does: records of before stay where they are. */
function checkDirect(dataflow: Dataflow, part: Subtopology, there: TopicPartitions): void {
  const declared = new Set(dataflow.topics.filter(({ role }) => role === 'topic').map(({ name }) => name));
  // Those that are there have the same number: see `checkTogether`.
  const source = part.sources.find((name) => declared.has(name) && there.has(name));
  const found = there.get(source ?? '');
  if (found === undefined) return;
  const split = storesIn(dataflow, part).filter(({ changelog }) => (there.get(changelog) ?? found) !== found);
  const kept = there.get(split[0]?.changelog ?? '');
  if (kept === undefined) return;
  const tables = split.map(({ id }) => id).join(', ');
  throw new Refusal(
    `${source} has ${found} partitions in Kafka, and ${tables} ${split.length === 1 ? 'is' : 'are'} kept by ${kept}: records of one key would be counted in two places. ${partitionWays(found, kept)}`,
  );
}

/** These parts, and all that they exchange records with: what is read again counts again in each of them. */
function affected(dataflow: Dataflow, stale: readonly Subtopology[]): ReadonlySet<Subtopology> {
  const found = new Set(stale);
  for (const part of found) {
    for (const other of dataflow.subtopologies) {
      const joined =
        part.outlets.some(({ topic }) => other.sources.includes(topic)) ||
        other.outlets.some(({ topic }) => part.sources.includes(topic));
      if (joined) found.add(other);
    }
  }
  return found;
}

/** Which topics are gone then. Offsets first: cut short after that, it is all done again. */
async function clear(
  admin: TransportAdmin,
  dataflow: Dataflow,
  parts: ReadonlySet<Subtopology>,
  halt: () => Promise<void>,
): Promise<readonly string[]> {
  const { app, topics } = dataflow;
  await halt();
  const internal = new Set(topics.filter(({ role }) => role === 'repartition').map(({ name }) => name));
  const sources = [...new Set([...parts].flatMap((part) => part.sources))].filter((source) => !internal.has(source));
  const existing = new Set((await admin.describeTopics(sources)).map(({ name }) => name));
  const starts = await Promise.all(
    sources
      .filter((source) => existing.has(source))
      .map(async (topic) =>
        (await admin.offsets(topic)).map(({ partition, earliest }) => ({ topic, partition, offset: earliest })),
      ),
  );
  try {
    await admin.moveOffsets(groupName(app), starts.flat());
  } catch (error) {
    if (!(error instanceof TransportError) || error.code !== 'fenced') throw error;
    throw new TransportError(
      'fenced',
      `${app} still runs elsewhere: its tables are rebuilt once it has stopped there`,
      {
        retriable: true,
        cause: error,
      },
    );
  }
  const gone = [...parts].flatMap((part) => [
    ...storesIn(dataflow, part).map(({ changelog }) => changelog),
    ...part.outlets.map(({ topic }) => topic),
  ]);
  await admin.deleteTopics(gone);
  return gone;
}

async function create(admin: TransportAdmin, { topics }: Dataflow, there: TopicPartitions): Promise<void> {
  const missing = topics.filter(({ name }) => !there.has(name));
  if (missing.length > 0)
    await admin.createTopics(
      missing.map(({ name, partitions, replication, configs }) => ({ name, partitions, replication, configs })),
    );
}

function saidOf(
  declared: Dataflow,
  dataflow: Dataflow,
  stale: readonly Subtopology[],
  cleared: ReadonlySet<Subtopology>,
): string[] {
  const counts = new Map(dataflow.topics.map(({ name, partitions }) => [name, partitions]));
  return [
    ...declared.topics
      .filter(({ name, role, partitions }) => role === 'topic' && counts.get(name) !== partitions)
      .map(
        ({ name, partitions }) =>
          `${name} has ${counts.get(name)} partitions in Kafka; the document says ${partitions}`,
      ),
    ...stale
      .flatMap(({ stores }) => stores)
      .map((id) => `${id} is rebuilt from the first record that its sources still keep: its partitions have changed`),
    ...[...cleared]
      .filter((part) => !stale.includes(part))
      .flatMap(({ stores }) => stores)
      .map((id) => `${id} is rebuilt, too: it is counted from the same sources, which are read again`),
  ];
}
