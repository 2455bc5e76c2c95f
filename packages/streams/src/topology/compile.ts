import { createHash } from 'node:crypto';
import { type AppDocument, changelogTopic } from '@millrace/spec';
import { EventDecoder, type EventFormat, type Usage } from '../codecs/event-decoder.ts';
import { defineTable } from '../tables/table-definition.ts';
import { type Copartition, copartition } from './copartition.ts';
import { Partitioning } from './partitioning.ts';
import { plannedTopics } from './planned-topics.ts';
import { type SubtopologyPlan, SubtopologyProcessor } from './processor.ts';
import { stagesOf } from './stage.ts';
import type { Subtopology, Topology } from './topology.ts';
import { unite, usageOf } from './usage.ts';

/** Compiles a valid document; one that is not breaks an invariant. */
export const compileTopology = (document: AppDocument): Topology => {
  const stages = Object.keys(document.agents).flatMap((agent) => stagesOf(document, agent));
  const copartitions = copartition(stages, new Partitioning(document, stages));
  return {
    app: document.app,
    document,
    subtopologies: copartitions.map((part) => compileSubtopology(document, part)),
    topics: plannedTopics(document, copartitions),
  };
};

const compileSubtopology = (document: AppDocument, part: Copartition): Subtopology => {
  const plan: SubtopologyPlan = {
    document,
    stages: part.stages,
    tables: part.tables.map((table) => defineTable(document, table)),
    decoders: decodersOf(document, part),
  };
  return {
    id: part.sources.join('+'),
    sources: part.sources,
    partitions: part.partitions,
    tables: part.tables.map((id) => ({ id, changelog: changelogTopic(document.app, id) })),
    ...(part.stages.some(({ repartition }) => repartition) ? { repartitions: nameOf(document, part) } : undefined),
    build: (context, inherit) => new SubtopologyProcessor(plan, context, inherit),
  };
};

/** The same for as long as an event makes the same repartitioned records. */
const nameOf = ({ models }: AppDocument, { stages }: Copartition): string => {
  const repartitioning = stages.filter(({ repartition }) => repartition !== undefined);
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
