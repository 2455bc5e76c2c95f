import {
  compileDataflow,
  type Dataflow,
  exchanging,
  type SplitTables,
  type Subtopology,
  splitTables,
  staleParts,
  storesIn,
} from '@millrace/dataflow';
import { groupName, type TopicPartitions } from '@millrace/spec';
import { type TransportAdmin, TransportError } from '@millrace/streams';
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
  refuseSplits(splitTables(document, dataflow, there));
  const stale = staleParts(dataflow, there);
  const parts = exchanging(dataflow, stale);
  for (const name of stale.length > 0 ? await clear(admin, dataflow, parts, halt) : []) there.delete(name);
  await create(admin, dataflow, there);
  return {
    candidate: { ...candidate, dataflow, partitions: Object.fromEntries(there) },
    said: saidOf(candidate.dataflow, dataflow, stale, parts),
  };
}

/** As the plan says it, for whoever deploys without a look at the plan, or where Kafka has changed since. */
function refuseSplits(splits: readonly SplitTables[]): void {
  const [split] = splits;
  if (split === undefined) return;
  throw new Refusal(`${split.message} ${split.ways.map(({ label, words }) => `${label}: ${words}`).join(' ')}`);
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
