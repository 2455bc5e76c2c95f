import { createHash } from 'node:crypto';
import type { Dataflow, Subtopology as Part } from '@millrace/dataflow';
import { SubtopologyProcessor } from './processor.ts';
import { planOf, type SubtopologyPlan } from './subtopology-plan.ts';
import type { Subtopology, Topology } from './topology.ts';

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
  const plan = planOf(dataflow, part);
  return {
    id: part.id,
    sources: part.sources,
    partitions: part.partitions,
    feeders: new Map(Object.entries(part.feeders)),
    outlets: part.outlets,
    tables: plan.tables.map(({ id, changelog }) => ({ id, changelog })),
    ...(part.outlets.length > 0 ? { repartitions: nameOf(plan) } : undefined),
    build: (context, inherit) => new SubtopologyProcessor(plan, context, inherit),
  };
};

/**
 * The same for as long as an event makes the same repartitioned record, if it makes one: what a version has filtered, or sent, is processed, and not
 * again by the next for having another filter.
 */
const nameOf = ({ models, stages, formats }: SubtopologyPlan): string => {
  const formatOf = (topic: string) => {
    const { element: _element, isolation: _isolation, ...format } = formats.get(topic) ?? {};
    return format;
  };
  const repartitioning = stages
    .filter(({ repartition }) => repartition !== null)
    .map(({ agent, input, operators, repartition }) => ({
      agent,
      input: input.kind === 'changes' ? input : input.topics.map(formatOf),
      steps: operators.flatMap(({ step }) => (step.op === 'filter' ? [] : [step])),
      repartition,
      to: formatOf(repartition?.topic ?? ''),
    }));
  return createHash('sha256')
    .update(JSON.stringify([models, repartitioning]))
    .digest('base64url')
    .slice(0, 16);
};
