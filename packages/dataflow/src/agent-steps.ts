import {
  type Agent,
  type AppDocument,
  type Codec,
  own,
  repartitions,
  repartitionTopic,
  type StageTypes,
  type Step,
  type Topic,
  type Type,
  unknownType,
} from '@millrace/spec';
import {
  type DataflowEdge,
  type OperatorNode,
  operatorId,
  type Port,
  type RecordFormat,
  type Shape,
  type SinkNode,
  type SourceNode,
  sinkId,
  sourceId,
  storeId,
} from './dataflow.ts';

/** What goes into each element and step and comes out of it, as `inferTypes` names them. */
export type Types = ReadonlyMap<string, StageTypes>;

/** A repartition, as the agent's step makes it. */
export interface Repartition {
  /** The node of the step. */
  readonly step: string;
  readonly topic: string;
  /** As the step says; absent: as many as what feeds it. */
  readonly partitions?: number;
  readonly from:
    | { readonly kind: 'topics'; readonly topics: readonly string[] }
    | { readonly kind: 'changes'; readonly table: string };
}

/** The nodes and edges of one agent; those of topics are named by each agent that uses them. */
export interface AgentFlow {
  readonly sources: readonly SourceNode[];
  readonly operators: readonly OperatorNode[];
  readonly sinks: readonly SinkNode[];
  readonly edges: readonly DataflowEdge[];
  readonly repartitions: readonly Repartition[];
  /** By table, where its records come from when they get to it. */
  readonly feeds: ReadonlyMap<string, Repartition['from']>;
}

/** What the next steps get: from where, and how it was read. */
interface Input {
  readonly ends: readonly Port[];
  readonly from: Repartition['from'];
  readonly formats: readonly RecordFormat[];
}

/** Follows an agent's records from its source through its steps. What the document names and does not have is left out: that is a problem, not a flow. */
export function agentFlow(document: AppDocument, id: string, agent: Agent, types: Types): AgentFlow {
  const flow = new FlowMaking(document, id, agent, types);
  for (const [index, step] of agent.steps.entries()) flow.add(step, agent.steps.slice(index + 1));
  return flow;
}

class FlowMaking implements AgentFlow {
  readonly sources: SourceNode[] = [];
  readonly operators: OperatorNode[] = [];
  readonly sinks: SinkNode[] = [];
  readonly edges: DataflowEdge[] = [];
  readonly repartitions: Repartition[] = [];
  readonly feeds = new Map<string, Repartition['from']>();
  readonly #document: AppDocument;
  readonly #id: string;
  readonly #agent: Agent;
  readonly #types: Types;
  #input: Input;
  /** Since the input; they decide what is made of its bytes. */
  #changed = false;

  constructor(document: AppDocument, id: string, agent: Agent, types: Types) {
    this.#document = document;
    this.#id = id;
    this.#agent = agent;
    this.#types = types;
    this.#input = this.#first();
  }

  add(step: Step, rest: readonly Step[]): void {
    const node = operatorId(this.#id, step.id);
    const { in: sees, out } = this.#types.get(node) ?? {};
    this.operators.push({
      id: node,
      kind: 'operator',
      agent: this.#id,
      onError: this.#agent.onError,
      step,
      sees: shapeOf(sees),
    });
    for (const end of this.#input.ends) this.#forward(end, { node, port: 'in' });
    this.#input = this.#after(step, node, rest, out);
  }

  /** What the next step gets. */
  #after(step: Step, node: string, rest: readonly Step[], out: StageTypes['out']): Input {
    const goingOn: Input = { ...this.#input, ends: [{ node, port: 'out' }] };
    switch (step.op) {
      case 'filter':
        return goingOn;
      case 'map':
        this.#changed = true;
        return goingOn;
      case 'group_by':
        return repartitions(step) ? this.#repartition(step, { node, port: 'out' }, rest, out) : goingOn;
      case 'aggregate':
        return this.#aggregate(step.table, { node, port: 'state' });
      case 'send':
        this.#send(step.to, { node, port: 'sent' });
        return goingOn;
    }
  }

  #first(): Input {
    const { from } = this.#agent;
    if (from.kind === 'changes') return this.#changesOf(from.table);
    const formats = from.topics.flatMap((topic) => {
      const element = own(this.#document.topics, topic);
      return element === undefined ? [] : [formatOf(topic, element)];
    });
    return this.#read(formats);
  }

  #read(formats: readonly RecordFormat[]): Input {
    this.#changed = false;
    for (const format of formats) this.sources.push({ id: sourceId(format.topic), kind: 'source', format });
    return {
      ends: formats.map(({ topic }) => ({ node: sourceId(topic), port: 'out' })),
      from: { kind: 'topics', topics: formats.map(({ topic }) => topic) },
      formats,
    };
  }

  #changesOf(table: string): Input {
    this.#changed = false;
    const there = own(this.#document.tables, table) !== undefined;
    return {
      ends: there ? [{ node: storeId(table), port: 'changes' }] : [],
      from: { kind: 'changes', table },
      formats: [],
    };
  }

  #aggregate(table: string, state: Port): Input {
    if (!this.feeds.has(table)) this.feeds.set(table, this.#input.from);
    const changes = this.#changesOf(table);
    if (changes.ends.length > 0) this.#forward(state, { node: storeId(table), port: 'in' });
    return changes;
  }

  #send(to: string, sent: Port): void {
    const topic = own(this.#document.topics, to);
    if (topic === undefined) return;
    const { name, key, value, codec } = topic;
    this.sinks.push({ id: sinkId(name), kind: 'sink', topic: name, element: to, key, value, codec });
    this.#forward(sent, { node: sinkId(name), port: 'in' });
  }

  #repartition(
    step: Extract<Step, { op: 'group_by' }>,
    from: Port,
    rest: readonly Step[],
    made: StageTypes['out'],
  ): Input {
    const topic = repartitionTopic(this.#document.app, this.#id, step.id);
    const common = commonFormat(this.#input.formats);
    const verbatim = common?.codec.value === 'json' && !this.#changed;
    const key = keyTypeAfter(this.#document, rest);
    const { partitions } = step;
    this.repartitions.push({
      step: from.node,
      topic,
      from: this.#input.from,
      ...(partitions !== undefined && { partitions }),
    });
    this.edges.push({ kind: 'repartition', from, to: { node: sourceId(topic), port: 'in' }, key: step.key, verbatim });
    return this.#read([
      {
        topic,
        element: null,
        key: key ?? unknownType,
        value: verbatim ? common.value : null,
        made: made === undefined ? null : { key: made.key, value: made.value },
        codec: { key: key === undefined ? 'json' : keyCodec(key), value: 'json' },
        eventTime: { from: 'record' },
        maxAheadMs: null,
        onDecodeError: 'dead-letter',
        isolation: 'read_committed',
        repartitioned: true,
      },
    ]);
  }

  #forward(from: Port, to: Port): void {
    this.edges.push({ kind: 'forward', from, to });
  }
}

export const shapeOf = (scope: StageTypes['in']): Shape | null =>
  scope === undefined ? null : { key: scope.key, value: scope.value, window: scope.window === true };

const formatOf = (element: string, topic: Topic): RecordFormat => ({
  topic: topic.name,
  element,
  key: topic.key,
  value: topic.value,
  made: null,
  codec: topic.codec,
  eventTime: topic.eventTime,
  maxAheadMs: topic.maxAheadMs,
  onDecodeError: topic.onDecodeError,
  isolation: topic.isolation,
  repartitioned: false,
});

/** A new key's type is the key type of the table it leads to; without a table it is written as JSON, whatever it is, and trusted. */
function keyTypeAfter(document: AppDocument, rest: readonly Step[]): Type | undefined {
  for (const step of rest) {
    if (step.op === 'group_by') return undefined;
    if (step.op === 'aggregate') return own(document.tables, step.table)?.key;
  }
  return undefined;
}

const structured = new Set<Type['kind']>(['list', 'map', 'model', 'record', 'union']);

const keyCodec = (type: Type): Codec => (structured.has(type.kind) ? 'json' : 'string');

/** The format of all, as far as values go; undefined where they differ. */
function commonFormat(formats: readonly RecordFormat[]): RecordFormat | undefined {
  const [first, ...others] = formats;
  const mark = valueFormat(first);
  return others.every((format) => valueFormat(format) === mark) ? first : undefined;
}

const valueFormat = (format: RecordFormat | undefined): string => JSON.stringify([format?.value, format?.codec.value]);
