import { createHash } from 'node:crypto';
import {
  type Dataflow,
  type Subtopology as Part,
  type RecordFormat,
  type SinkNode,
  storesIn,
} from '@millrace/dataflow';
import { EventDecoder } from '../codecs/event-decoder.ts';
import { defineTable } from '../tables/table-definition.ts';
import { type SubtopologyPlan, SubtopologyProcessor } from './processor.ts';
import { type Stage, stagesOf } from './stages.ts';
import type { Subtopology, Topology } from './topology.ts';
import { unite, usageOf } from './usage.ts';

/** Makes a dataflow ready to run. One of a document that is not valid breaks an invariant. */
export const compileTopology = (dataflow: Dataflow): Topology => ({
  app: dataflow.app,
  dataflow,
  subtopologies: dataflow.subtopologies.map((part) => compileSubtopology(dataflow, part)),
  origins: new Map(
    dataflow.subtopologies.flatMap(({ outlets }) =>
      outlets.flatMap(({ topic, from }) => (from.kind === 'topics' ? [[topic, from.topics] as const] : [])),
    ),
  ),
});

const compileSubtopology = (dataflow: Dataflow, part: Part): Subtopology => {
  const stages = stagesOf(dataflow, part);
  const stores = storesIn(dataflow, part);
  const formats = formatsOf(dataflow);
  const plan: SubtopologyPlan = {
    models: dataflow.models,
    stages,
    tables: stores.map((store) => defineTable(store, dataflow.models)),
    decoders: decodersOf(dataflow, stages, formats),
    formats,
    sinks: new Map(
      dataflow.nodes.filter((node): node is SinkNode => node.kind === 'sink').map((sink) => [sink.element, sink]),
    ),
  };
  return {
    id: part.id,
    sources: part.sources,
    partitions: part.partitions,
    feeders: new Map(Object.entries(part.feeders)),
    outlets: part.outlets,
    tables: stores.map(({ id, changelog }) => ({ id, changelog })),
    ...(part.outlets.length > 0 ? { repartitions: nameOf(dataflow, stages, formats) } : undefined),
    build: (context, inherit) => new SubtopologyProcessor(plan, context, inherit),
  };
};

const formatsOf = ({ nodes }: Dataflow): ReadonlyMap<string, RecordFormat> =>
  new Map(nodes.flatMap((node) => (node.kind === 'source' ? [[node.format.topic, node.format] as const] : [])));

/**
 * The same for as long as an event makes the same repartitioned record, if it makes one: what a version has filtered, or sent, is processed, and not
 * again by the next for having another filter.
 */
const nameOf = ({ models }: Dataflow, stages: readonly Stage[], formats: ReadonlyMap<string, RecordFormat>): string => {
  const repartitioning = stages
    .filter(({ repartition }) => repartition !== null)
    .map(({ agent, input, operators, repartition }) => ({
      agent,
      input: input.kind === 'changes' ? input : input.topics.map((topic) => formats.get(topic)),
      steps: operators.flatMap(({ step }) => (step.op === 'filter' ? [] : [step])),
      repartition,
      to: formats.get(repartition?.topic ?? ''),
    }));
  return createHash('sha256')
    .update(JSON.stringify([models, repartitioning]))
    .digest('base64url')
    .slice(0, 16);
};

const decodersOf = (
  { models, stores }: Dataflow,
  stages: readonly Stage[],
  formats: ReadonlyMap<string, RecordFormat>,
): Map<string, EventDecoder> => {
  const used = new Map<string, ReturnType<typeof usageOf>>();
  for (const stage of stages) {
    if (stage.input.kind !== 'topics') continue;
    const usage = usageOf(stage, stores);
    for (const topic of stage.input.topics) {
      const known = used.get(topic);
      used.set(topic, known === undefined ? usage : unite(known, usage));
    }
  }
  return new Map(
    [...used].flatMap(([topic, usage]) => {
      const format = formats.get(topic);
      return format === undefined ? [] : [[topic, new EventDecoder(format, usage, models)] as const];
    }),
  );
};
