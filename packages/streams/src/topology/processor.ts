import type { Dataflow, OperatorNode, RecordFormat, SinkNode } from '@millrace/dataflow';
import { compileExpressionColumns, type Evaluate, unknownType } from '@millrace/spec';
import { assert, unreachable } from '../assert.ts';
import { compileCodec } from '../codecs/codec.ts';
import type { EventDecoder } from '../codecs/event-decoder.ts';
import { Aggregate } from '../operators/aggregate.ts';
import { Chain } from '../operators/chain.ts';
import { Filter } from '../operators/filter.ts';
import { GroupBy } from '../operators/group-by.ts';
import { MapFields } from '../operators/map.ts';
import { type Operator, StepScope } from '../operators/operator.ts';
import { Rows } from '../operators/rows.ts';
import { type Outlet, Send } from '../operators/send.ts';
import { ChangeFeed } from '../tables/change-feed.ts';
import { MemoryTable } from '../tables/memory-table.ts';
import type { TableDefinition } from '../tables/table-definition.ts';
import type { RecordBatch } from '../transport/record.ts';
import type { EventBatch } from './event-batch.ts';
import type { Stage, StageRepartition } from './stages.ts';
import type { ChangesTime, TaskContext, TaskProcessor } from './topology.ts';

/** What all tasks of a subtopology share. */
export interface SubtopologyPlan {
  readonly models: Dataflow['models'];
  readonly stages: readonly Stage[];
  /** In the order in which their changes flow. */
  readonly tables: readonly TableDefinition[];
  /** By Kafka topic. */
  readonly decoders: ReadonlyMap<string, EventDecoder>;
  /** Of what is read, by Kafka topic. */
  readonly formats: ReadonlyMap<string, RecordFormat>;
  /** By the topic's id in the document. */
  readonly sinks: ReadonlyMap<string, SinkNode>;
}

export class SubtopologyProcessor implements TaskProcessor {
  readonly tables = new Map<string, MemoryTable>();
  readonly #plan: SubtopologyPlan;
  readonly #context: TaskContext;
  /** By Kafka topic. */
  readonly #chains = new Map<string, Chain[]>();
  readonly #feeds = new Map<string, ChangeFeed>();
  /** Tables that take events of source topics: they go by the task's time. */
  readonly #sourceFed: readonly MemoryTable[];
  #streamTimeMs = Number.NEGATIVE_INFINITY;

  constructor(plan: SubtopologyPlan, context: TaskContext, inherit?: TaskProcessor) {
    this.#plan = plan;
    this.#context = context;
    for (const definition of plan.tables) {
      const table = new MemoryTable(definition, context.partition, context.clock);
      const old = inherit?.tables.get(definition.id);
      if (old instanceof MemoryTable) table.adopt(old);
      this.tables.set(definition.id, table);
    }
    for (const stage of plan.stages) this.#build(stage);
    const sourceFed = new Set(plan.stages.filter(({ input }) => input.kind === 'topics').map(({ folds }) => folds));
    this.#sourceFed = [...this.tables.values()].filter(({ table }) => sourceFed.has(table));
    if (inherit !== undefined) this.advance(inherit.streamTimeMs);
  }

  /** The tables' times count: after a restore, time is where it was. */
  get streamTimeMs(): number {
    let timeMs = this.#streamTimeMs;
    for (const table of this.#sourceFed) if (table.streamTimeMs > timeMs) timeMs = table.streamTimeMs;
    return timeMs;
  }

  decode(batch: RecordBatch): EventBatch {
    const decoder = this.#plan.decoders.get(batch.topic);
    assert(decoder, `${batch.topic} is not a source of this task`);
    return decoder.decode(batch, this.#context);
  }

  process(events: EventBatch, from: number, to: number): void {
    for (const chain of this.#chains.get(events.source.topic) ?? []) {
      chain.rows.load(events, from, to);
      chain.run();
    }
    if (to > from) this.advance(events.streamTimesMs[to - 1] as number); // written up to here
  }

  flush(): void {
    for (const table of this.tables.values()) {
      const feed = this.#feeds.get(table.table);
      // Without a reader too: one that a later version adds gets what closes from then on.
      if (feed === undefined) table.takeClosed();
      else feed.run();
      table.expire();
      for (const record of table.takeChangelog()) this.#context.send(record);
    }
  }

  get flushDue(): boolean {
    for (const table of this.tables.values()) {
      // Time comes to a table that is fed by another's changes with the flush itself.
      if (table.flushDue || (!this.#sourceFed.includes(table) && table.hasWindows)) return true;
    }
    return false;
  }

  get dueAtMs(): number {
    let dueAtMs = Number.POSITIVE_INFINITY;
    for (const table of this.#sourceFed) dueAtMs = Math.min(dueAtMs, table.dueAtMs);
    return dueAtMs;
  }

  advance(streamTimeMs: number): void {
    if (streamTimeMs > this.#streamTimeMs) this.#streamTimeMs = streamTimeMs;
    for (const table of this.#sourceFed) table.advance(streamTimeMs);
  }

  changesTime(table: string): ChangesTime {
    const feed = this.#feeds.get(table);
    assert(feed, `nothing reads the changes of ${table}`);
    return feed;
  }

  #build(stage: Stage): void {
    const operators = stage.operators.map((node) => this.#operator(stage, node));
    const chain = new Chain(new Rows(), operators, this.#context.clock);
    if (stage.input.kind === 'topics') {
      for (const topic of stage.input.topics) {
        const chains = this.#chains.get(topic);
        if (chains === undefined) this.#chains.set(topic, [chain]);
        else chains.push(chain);
      }
      return;
    }
    const feed = this.#feeds.get(stage.input.table) ?? new ChangeFeed(this.#table(stage.input.table));
    this.#feeds.set(stage.input.table, feed);
    feed.add(chain, stage.folds === null ? undefined : this.#table(stage.folds));
  }

  #operator(stage: Stage, { step, sees: shape, agent, onError }: OperatorNode): Operator {
    const { models } = this.#plan;
    const scope = new StepScope(this.#context, agent, step.id, onError);
    const sees = shape === null ? undefined : { ...shape, models };
    const compile = (source: string): Evaluate => compileExpressionColumns(source, sees);
    switch (step.op) {
      case 'filter':
        return new Filter(scope, compile(step.where));
      case 'map':
        return new MapFields(scope, step, compile);
      case 'group_by':
        return new GroupBy(
          scope,
          stage.repartition === null || stage.operators.at(-1)?.step !== step
            ? undefined
            : this.#repartition(stage.repartition, stage.input, compile),
        );
      case 'aggregate': {
        const table = this.#table(step.table);
        const { columns, lateTopic } = table.definition;
        return new Aggregate(
          scope,
          table,
          columns.map(({ arg }) => arg),
          lateTopic,
        );
      }
      case 'send':
        return new Send(scope, this.#outlet(step.to, step.key, stage.input, compile));
      default:
        return unreachable(step);
    }
  }

  #repartition(
    { topic, verbatim, key }: StageRepartition,
    input: Stage['input'],
    compile: (source: string) => Evaluate,
  ): Outlet {
    const format = this.#plan.formats.get(topic);
    assert(format, `nothing reads ${topic}`);
    return {
      topic,
      key: compileCodec(format.key, format.codec.key, this.#plan, 'key'),
      value: compileCodec(format.value ?? unknownType, 'json', this.#plan, 'inner'),
      keyOf: compile(key),
      forward: verbatim,
      ...(input.kind === 'topics' ? { sources: input.topics } : undefined),
    };
  }

  #outlet(to: string, key: string | undefined, input: Stage['input'], compile: (source: string) => Evaluate): Outlet {
    const sink = this.#plan.sinks.get(to);
    assert(sink, `no topic ${to}`);
    return {
      topic: sink.topic,
      key: compileCodec(sink.key, sink.codec.key, this.#plan, 'key'),
      // What a table holds is after a restore as it is in memory before it.
      value: compileCodec(sink.value, sink.codec.value, this.#plan, input.kind === 'topics' ? 'value' : 'made'),
      ...(key === undefined ? undefined : { keyOf: compile(key) }),
      forward: false,
    };
  }

  #table(id: string): MemoryTable {
    const table = this.tables.get(id);
    assert(table, `no table ${id} in this task`);
    return table;
  }
}
