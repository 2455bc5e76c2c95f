import { createHash } from 'node:crypto';
import { type AppDocument, changelogTopic, inferTypes } from '@millrace/spec';
import { EventDecoder, type EventFormat, type Usage } from '../codecs/event-decoder.ts';
import { defineTable } from '../tables/table-definition.ts';
import type { FeederTopic } from '../time/feeder.ts';
import { type Copartition, copartition } from './copartition.ts';
import { type PartitionCounts, Partitioning } from './partitioning.ts';
import { plannedTopics } from './planned-topics.ts';
import { type SubtopologyPlan, SubtopologyProcessor } from './processor.ts';
import { type Stage, stagesOf, type Types, topicsOf } from './stage.ts';
import type { RepartitionOutlet, Subtopology, Topology } from './topology.ts';
import { unite, usageOf } from './usage.ts';

/** Compiles a valid document; one that is not breaks an invariant. `there`: the partitions of the topics that Kafka has. */
export const compileTopology = (document: AppDocument, there: PartitionCounts = new Map()): Topology => {
  const types = inferTypes(document);
  const stages = Object.keys(document.agents).flatMap((agent) => stagesOf(document, agent, types));
  const partitioning = new Partitioning(document, stages, there);
  const copartitions = copartition(stages, partitioning);
  return {
    app: document.app,
    document,
    subtopologies: copartitions.map((part) => compileSubtopology(document, part, types, copartitions, partitioning)),
    topics: plannedTopics(document, copartitions, partitioning),
    origins: new Map(
      stages.flatMap(({ input, repartition }) =>
        repartition === undefined || input.kind !== 'topics'
          ? []
          : [[repartition.format.topic, input.formats.map(({ topic }) => topic)] as const],
      ),
    ),
  };
};

const compileSubtopology = (
  document: AppDocument,
  part: Copartition,
  types: Types,
  copartitions: readonly Copartition[],
  partitioning: Partitioning,
): Subtopology => {
  const plan: SubtopologyPlan = {
    document,
    types,
    stages: part.stages,
    tables: part.tables.map((table) => defineTable(document, table, types.get(`table:${table}`))),
    decoders: decodersOf(document, part),
  };
  return {
    id: part.sources.join('+'),
    sources: part.sources,
    partitions: part.partitions,
    feeders: new Map(
      part.sources.flatMap((topic) => {
        const writer = copartitions
          .flatMap(({ stages }) => stages)
          .find(({ repartition }) => repartition?.format.topic === topic);
        return writer === undefined ? [] : [[topic, feedersOf(writer, copartitions, partitioning)] as const];
      }),
    ),
    outlets: part.stages.flatMap(({ input, repartition }): RepartitionOutlet[] => {
      if (repartition === undefined) return [];
      const { topic } = repartition.format;
      const from = input.kind === 'changes' ? input : { kind: input.kind, topics: topicsOf(input) };
      return [{ topic, partitions: partitioning.topic(topic), from }];
    }),
    tables: part.tables.map((id) => ({ id, changelog: changelogTopic(document.app, id) })),
    ...(part.stages.some(({ repartition }) => repartition) ? { repartitions: nameOf(document, part) } : undefined),
    build: (context, inherit) => new SubtopologyProcessor(plan, context, inherit),
  };
};

/** Whose partitions a stage repartitions, in the order of their origins' numbers. */
const feedersOf = (
  { input }: Stage,
  copartitions: readonly Copartition[],
  partitioning: Partitioning,
): FeederTopic[] =>
  input.kind === 'changes'
    ? copartitions
        .filter(({ tables }) => tables.includes(input.table))
        .map(({ sources, partitions }) => ({ name: input.table, topics: sources, partitions, byRecords: false }))
    : input.formats.map(({ topic, repartitioned }) => ({
        name: topic,
        topics: [topic],
        partitions: partitioning.topic(topic),
        byRecords: !repartitioned,
      }));

/**
 * The same for as long as an event makes the same repartitioned record, if it makes one: what a version has filtered, or sent, is processed, and not
 * again by the next for having another filter.
 */
const nameOf = ({ models }: AppDocument, { stages }: Copartition): string => {
  const repartitioning = stages
    .filter(({ repartition }) => repartition !== undefined)
    .map(({ agent, input, steps, repartition }) => ({
      agent,
      input,
      steps: steps.filter(({ op }) => op !== 'filter'),
      repartition,
    }));
  return createHash('sha256')
    .update(JSON.stringify([models, repartitioning]))
    .digest('base64url')
    .slice(0, 16);
};

const decodersOf = (document: AppDocument, { stages }: Copartition): Map<string, EventDecoder> => {
  const formats = new Map<string, { readonly format: EventFormat; used: Usage }>();
  for (const stage of stages) {
    if (stage.input.kind !== 'topics') continue;
    const used = usageOf(document, stage);
    for (const format of stage.input.formats) {
      const known = formats.get(format.topic);
      if (known === undefined) formats.set(format.topic, { format, used });
      else known.used = unite(known.used, used);
    }
  }
  return new Map([...formats].map(([topic, { format, used }]) => [topic, new EventDecoder(format, used, document)]));
};
