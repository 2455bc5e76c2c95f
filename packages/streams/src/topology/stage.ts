import {
  type Agent,
  type AppDocument,
  type Codec,
  repartitions,
  repartitionTopic,
  type StageTypes,
  type Step,
  type Topic,
  type Type,
  unknownType,
} from '@millrace/spec';
import { assert } from '../assert.ts';
import type { EventFormat } from '../codecs/event-decoder.ts';

/**
 * A part of an agent that runs within one task: an agent is split where its records change their partition (a `group_by` to a new key) and
 * where they change their nature (after an `aggregate`, the table's changes go on).
 */
export interface Stage {
  readonly agent: string;
  readonly onError: Agent['onError'];
  readonly input: StageInput;
  readonly steps: readonly Step[];
  /** The table that the last step aggregates into. */
  readonly aggregates: string | undefined;
  /** Where the last step sends its rows for the next stage. */
  readonly repartition: Repartition | undefined;
}

export type StageInput =
  | { readonly kind: 'topics'; readonly formats: readonly EventFormat[] }
  | { readonly kind: 'changes'; readonly table: string };

/** In order: the place of a topic is what records name it by. */
export const topicsOf = (input: StageInput): string[] =>
  input.kind === 'topics' ? input.formats.map(({ topic }) => topic) : [];

export interface Repartition {
  readonly step: string;
  readonly key: string;
  readonly format: EventFormat;
  /** The stage leaves the value as it was read: its bytes are sent on. */
  readonly forward: boolean;
  /** As the step says; absent: as many as its source has. */
  readonly partitions?: number;
}

export const formatOf = (topic: Topic): EventFormat => ({
  topic: topic.name,
  key: topic.key,
  value: topic.value,
  codec: topic.codec,
  eventTime: topic.eventTime,
  maxAheadMs: topic.maxAheadMs,
  onDecodeError: topic.onDecodeError,
  repartitioned: false,
});

/** What goes into each step and comes out of it, as `inferTypes` names them. */
export type Types = ReadonlyMap<string, StageTypes>;

/** An agent's stages, in the order that its records go through them. */
export const stagesOf = (document: AppDocument, id: string, types: Types): Stage[] => {
  const agent = document.agents[id];
  assert(agent, `no agent ${id}`);
  const stages: Stage[] = [];
  let input = inputOf(document, agent);
  let steps: Step[] = [];
  const close = (ends: Pick<Stage, 'aggregates' | 'repartition'>): void => {
    stages.push({ agent: id, onError: agent.onError, input, steps, ...ends });
    steps = [];
  };
  for (const [index, step] of agent.steps.entries()) {
    steps.push(step);
    if (step.op === 'aggregate') {
      close({ aggregates: step.table, repartition: undefined });
      input = { kind: 'changes', table: step.table };
    } else if (repartitions(step)) {
      const made = types.get(`agent:${id}/${step.id}`)?.out;
      const repartition = repartitionOf(document, id, step, input, steps, agent.steps.slice(index + 1), made);
      close({ aggregates: undefined, repartition });
      input = { kind: 'topics', formats: [repartition.format] };
    }
  }
  if (steps.length > 0) close({ aggregates: undefined, repartition: undefined });
  return stages;
};

const inputOf = (document: AppDocument, agent: Agent): StageInput => {
  if (agent.from.kind === 'changes') return agent.from;
  const formats = agent.from.topics.map((topic) => {
    const element = document.topics[topic];
    assert(element, `no topic ${topic}`);
    return formatOf(element);
  });
  return { kind: 'topics', formats };
};

const repartitionOf = (
  document: AppDocument,
  agent: string,
  step: Extract<Step, { op: 'group_by' }>,
  input: StageInput,
  steps: readonly Step[],
  rest: readonly Step[],
  made: StageTypes['out'],
): Repartition => {
  const common = input.kind === 'topics' ? commonFormat(input.formats) : undefined;
  const forward = common?.codec.value === 'json' && !steps.some(({ op }) => op === 'map');
  const key = keyTypeAfter(document, rest);
  return {
    step: step.id,
    key: step.key,
    forward,
    ...(step.partitions === undefined ? undefined : { partitions: step.partitions }),
    format: {
      topic: repartitionTopic(document.app, agent, step.id),
      key: key ?? unknownType,
      value: forward ? common.value : undefined,
      ...(made === undefined ? undefined : { made: { key: made.key, value: made.value } }),
      codec: { key: key === undefined ? 'json' : keyCodec(key), value: 'json' },
      eventTime: { from: 'record' },
      maxAheadMs: Number.POSITIVE_INFINITY,
      onDecodeError: 'dead-letter',
      repartitioned: true,
    },
  };
};

/** A new key's type is the key type of the table it leads to; without a table it is written as JSON, whatever it is, and trusted. */
const keyTypeAfter = (document: AppDocument, rest: readonly Step[]): Type | undefined => {
  for (const step of rest) {
    if (step.op === 'group_by') return undefined;
    if (step.op === 'aggregate') return document.tables[step.table]?.key;
  }
  return undefined;
};

const structured = new Set<Type['kind']>(['list', 'map', 'model', 'record', 'union']);

const keyCodec = (type: Type): Codec => (structured.has(type.kind) ? 'json' : 'string');

/** The format of all, as far as values go; undefined where they differ. */
const commonFormat = (formats: readonly EventFormat[]): EventFormat | undefined => {
  const [first, ...others] = formats;
  const mark = valueFormat(first);
  return others.every((format) => valueFormat(format) === mark) ? first : undefined;
};

const valueFormat = (format: EventFormat | undefined): string => JSON.stringify([format?.value, format?.codec.value]);
