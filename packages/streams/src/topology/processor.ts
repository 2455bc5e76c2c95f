import { assert } from '../assert.ts';
import { Aggregate } from '../operators/aggregate.ts';
import { Chain } from '../operators/chain.ts';
import { Rows } from '../operators/rows.ts';
import { ChangeFeed } from '../tables/change-feed.ts';
import { MemoryTable } from '../tables/memory-table.ts';
import type { RecordBatch } from '../transport/record.ts';
import type { EventBatch } from './event-batch.ts';
import { Operators } from './operators.ts';
import type { Stage } from './stages.ts';
import type { SubtopologyPlan } from './subtopology-plan.ts';
import type { ChangesTime, TaskContext, TaskProcessor } from './topology.ts';

export class SubtopologyProcessor implements TaskProcessor {
  readonly tables = new Map<string, MemoryTable>();
  readonly #plan: SubtopologyPlan;
  readonly #context: TaskContext;
  readonly #operators: Operators;
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
    this.#operators = new Operators(plan, context, (scope, id) => {
      const table = this.#table(id);
      const { columns, lateTopic } = table.definition;
      return new Aggregate(
        scope,
        table,
        columns.map(({ arg }) => arg),
        lateTopic,
      );
    });
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
    const chain = new Chain(new Rows(), this.#operators.of(stage), this.#context.clock);
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

  #table(id: string): MemoryTable {
    const table = this.tables.get(id);
    assert(table, `no table ${id} in this task`);
    return table;
  }
}
