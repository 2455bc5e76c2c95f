import {
  type Dataflow,
  indexOf,
  type RecordFormat,
  type SinkNode,
  type Store,
  type Subtopology,
  storesIn,
} from '@millrace/dataflow';
import { EventDecoder } from '../codecs/event-decoder.ts';
import { defineTable, type TableDefinition } from '../tables/table-definition.ts';
import { type Stage, stagesOf } from './stages.ts';
import { unite, usageOf } from './usage.ts';

/** What all tasks of a subtopology share. */
export interface SubtopologyPlan {
  readonly models: Dataflow['models'];
  readonly stages: readonly Stage[];
  /** In the order in which their changes flow. */
  readonly tables: readonly TableDefinition[];
  /** By Kafka topic. */
  readonly decoders: ReadonlyMap<string, EventDecoder>;
  /** Of what is read or repartitioned, by Kafka topic. */
  readonly formats: ReadonlyMap<string, RecordFormat>;
  /** By the topic's id in the document. */
  readonly sinks: ReadonlyMap<string, SinkNode>;
}

export const planOf = (dataflow: Dataflow, part: Subtopology): SubtopologyPlan => {
  const { models } = dataflow;
  const { nodes, stores, outOf } = indexOf(dataflow);
  const stages = stagesOf(dataflow, part);
  const within = part.nodes.flatMap((id) => nodes.get(id) ?? []);
  const ends = within.flatMap(({ id }) => (outOf.get(id) ?? []).flatMap(({ to }) => nodes.get(to.node) ?? []));
  const formats = new Map(
    [...within, ...ends].flatMap((node) => (node.kind === 'source' ? [[node.format.topic, node.format] as const] : [])),
  );
  return {
    models,
    stages,
    tables: storesIn(dataflow, part).map((store) => defineTable(store, models)),
    decoders: decodersOf(models, stages, stores, formats),
    formats,
    sinks: new Map(ends.flatMap((node) => (node.kind === 'sink' ? [[node.element, node] as const] : []))),
  };
};

/** Of the topics that these stages read, each for what all of them use of it. */
const decodersOf = (
  models: Dataflow['models'],
  stages: readonly Stage[],
  stores: ReadonlyMap<string, Store>,
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
