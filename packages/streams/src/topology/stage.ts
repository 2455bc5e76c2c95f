import {
  type Agent,
  type AppDocument,
  type Codec,
  repartitionTopic,
  type Step,
  type Topic,
  type Type,
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

export interface Repartition {
  readonly step: string;
  readonly key: string;
  readonly format: EventFormat;
  /** The stage leaves the value as it was read: its bytes are sent on. */
  readonly forward: boolean;
}

export const formatOf = (topic: Topic): EventFormat => ({
  topic: topic.name,
  key: topic.key,
  value: topic.value,
  codec: topic.codec,
  eventTime: topic.eventTime,
  onDecodeError: topic.onDecodeError,
  repartitioned: false,
});

/** An agent's stages, in the order that its records go through them. */
export const stagesOf = (document: AppDocument, id: string): Stage[] => {
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
    } else if (step.op === 'group_by' && !groupsByItself(step.key)) {
      const repartition = repartitionOf(document, id, step, input, steps, agent.steps.slice(index + 1));
      close({ aggregates: undefined, repartition });
      input = { kind: 'topics', formats: [repartition.format] };
    }
  }
  if (steps.length > 0) close({ aggregates: undefined, repartition: undefined });
  return stages;
};

const groupsByItself = (key: string): boolean => key.trim() === 'key';

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
): Repartition => {
  const common = input.kind === 'topics' ? commonFormat(input.formats) : undefined;
  const forward = common?.codec.value === 'json' && !steps.some(({ op }) => op === 'map');
  const key = keyTypeAfter(document, rest);
  return {
    step: step.id,
    key: step.key,
    forward,
    format: {
      topic: repartitionTopic(document.app, agent, step.id),
      key: key ?? anyKey,
      value: forward ? common.value : undefined,
      codec: { key: key === undefined ? 'json' : keyCodec(key), value: 'json' },
      eventTime: { from: 'record' },
      onDecodeError: 'dead-letter',
      repartitioned: true,
    },
  };
};

/** A new key's type is the key type of the table it leads to; without a table it is written as JSON, whatever it is. */
const keyTypeAfter = (document: AppDocument, rest: readonly Step[]): Type | undefined => {
  for (const step of rest) {
    if (step.op === 'group_by') return undefined;
    if (step.op === 'aggregate') return document.tables[step.table]?.key;
  }
  return undefined;
};

const anyKey: Type = { kind: 'union', of: [{ kind: 'string' }, { kind: 'double' }, { kind: 'boolean' }] };

const structured = new Set<Type['kind']>(['list', 'map', 'model', 'record', 'union']);

const keyCodec = (type: Type): Codec => (structured.has(type.kind) ? 'json' : 'string');

/** The format of all, as far as values go; undefined where they differ. */
const commonFormat = (formats: readonly EventFormat[]): EventFormat | undefined => {
  const [first, ...others] = formats;
  const mark = valueFormat(first);
  return others.every((format) => valueFormat(format) === mark) ? first : undefined;
};

const valueFormat = (format: EventFormat | undefined): string => JSON.stringify([format?.value, format?.codec.value]);
