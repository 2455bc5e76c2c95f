import { createHash } from 'node:crypto';
import type { Dataflow, Subtopology as Part } from '@millrace/dataflow';
import { assert } from '../assert.ts';
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
 * again by the next for having another filter. It stands in the group's commits (`repartition/pass.ts`), also in those of earlier versions of Millrace: named
 * otherwise, what a crash left in the topics between the stages would count twice.
 */
const nameOf = ({ models, stages, formats }: SubtopologyPlan): string => {
  const formatOf = (topic: string) => {
    const format = formats.get(topic);
    assert(format, `nothing reads ${topic}`);
    const { key, value, made, codec, eventTime, maxAheadMs, onDecodeError, repartitioned } = format;
    return {
      topic,
      key,
      ...(value !== null && { value }),
      ...(made !== null && { made }),
      codec,
      eventTime,
      maxAheadMs,
      onDecodeError,
      repartitioned,
    };
  };
  const repartitioning = stages.flatMap(({ agent, input, operators, repartition }) => {
    const last = operators.at(-1)?.step;
    if (repartition === null || last?.op !== 'group_by') return [];
    const { topic, key, verbatim } = repartition;
    return {
      agent,
      input: input.kind === 'changes' ? input : { kind: input.kind, formats: input.topics.map(formatOf) },
      steps: operators.flatMap(({ step }) => (step.op === 'filter' ? [] : [step])),
      repartition: {
        step: last.id,
        key,
        forward: verbatim,
        ...(last.partitions !== undefined && { partitions: last.partitions }),
        format: formatOf(topic),
      },
    };
  });
  return createHash('sha256')
    .update(JSON.stringify([models, repartitioning]))
    .digest('base64url')
    .slice(0, 16);
};
