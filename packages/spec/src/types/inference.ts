import type { Agent, Aggregate, AppDocument, Table } from '../document/document.ts';
import { own } from '../document/element.ts';
import type { Field, Type } from '../document/type.ts';
import { unionOf, unknownType } from '../document/type-text.ts';
import type { Scope } from '../expressions/scope.ts';
import { feedersOf } from '../graph/partitions.ts';
import type { DocumentPath } from '../problem.ts';
import { aggregateResult } from './aggregate-type.ts';
import { isAssignable } from './assignable.ts';
import { fieldsIn } from './fields.ts';
import { StepTypes } from './step-types.ts';
import type { TypeReport } from './type-report.ts';

/** What goes into an element or a step, and what comes out of it. */
export interface StageTypes {
  readonly in?: Scope;
  readonly out?: Scope;
}

/**
 * Types along the graph, each element once: an agent's source types are its topics', or those of the table whose changes it reads, which in
 * turn follow from the events that feed the table. A step that fails hands its input type on; what can't be known is the unknown type.
 */
export class Inference {
  readonly stages = new Map<string, StageTypes>();
  private readonly document: AppDocument;
  private readonly report: TypeReport;
  private readonly tables = new Map<string, Scope>();
  private readonly agents = new Set<string>();
  private readonly copied = { fields: 0 };
  private readonly feeders: ReadonlyMap<string, readonly string[]>;
  /** Where each table's first feeder stands when it gets there: what its aggregates see. */
  private readonly fed = new Map<string, Scope>();

  constructor(document: AppDocument, report: TypeReport) {
    this.document = document;
    this.report = report;
    this.feeders = feedersOf(document);
  }

  run(): this {
    for (const [id, topic] of Object.entries(this.document.topics)) {
      const scope = this.scope(topic.key, topic.value);
      this.stages.set(`topic:${id}`, { in: scope, out: scope });
    }
    for (const id of Object.keys(this.document.agents)) this.agent(id);
    for (const id of Object.keys(this.document.tables)) {
      const out = this.table(id);
      const fed = this.fed.get(id);
      this.stages.set(`table:${id}`, fed === undefined ? { out } : { in: fed, out });
    }
    return this;
  }

  /** What a table's changes look like. */
  table(id: string): Scope {
    const known = this.tables.get(id);
    if (known !== undefined) return known;
    const table = own(this.document.tables, id);
    if (table === undefined) return this.scope(unknownType, unknownType);
    // Until its feeders are known, for tables that feed themselves (which is another problem).
    this.tables.set(id, this.changes(table, undefined));
    for (const name of this.feeders.get(id) ?? []) this.agent(name);
    const changes = this.changes(table, this.fed.get(id));
    this.tables.set(id, changes);
    return changes;
  }

  private changes(table: Table, fed: Scope | undefined): Scope {
    const fields: Record<string, Field> = {};
    for (const [name, aggregate] of Object.entries(table.value)) {
      const { type, nullable } = this.aggregate(aggregate, fed);
      fields[name] = { type, optional: nullable, sensitive: false };
    }
    return {
      ...this.scope(table.key, { kind: 'record', fields }),
      ...(table.window === undefined ? {} : { window: true }),
    };
  }

  private aggregate(aggregate: Aggregate, fed: Scope | undefined): { type: Type; nullable: boolean } {
    return aggregateResult(aggregate, fed ?? this.scope(unknownType, unknownType));
  }

  private agent(id: string): void {
    const agent = this.document.agents[id];
    if (agent === undefined || this.agents.has(id)) return;
    this.agents.add(id);
    const source = this.source(agent);
    let scope = source;
    const steps = new StepTypes(
      this.document,
      this.report,
      (table, from, path) => this.feed(table, from, path),
      this.copied,
    );
    for (const [index, step] of agent.steps.entries()) {
      const into = scope;
      scope = steps.after(step, scope, ['agents', id, 'steps', index]);
      this.stages.set(`agent:${id}/${step.id}`, { in: into, out: scope });
    }
    this.stages.set(`agent:${id}`, { in: source, out: scope });
  }

  /** An agent's events reach a table: the key must fit; the aggregates are checked against them. Gives the table's changes. */
  private feed(id: string, from: Scope, path: DocumentPath): Scope {
    const table = own(this.document.tables, id);
    if (table === undefined) return from;
    if (!this.fed.has(id)) this.fed.set(id, from);
    else if (this.report.full) return this.tables.get(id) ?? from;
    for (const [name, aggregate] of Object.entries(table.value)) {
      this.report.aggregate(aggregate, from, ['tables', id, 'value', name]);
    }
    if (!isAssignable(from.key, table.key, this.document.models)) {
      this.report.keyMismatch(id, table, from, path, this.candidateKeys(from, table.key));
    }
    return this.changes(table, from);
  }

  private candidateKeys(from: Scope, wanted: Type): string[] {
    const fields = Object.entries(fieldsIn(from.value, this.document.models) ?? {});
    return fields
      .filter(([, field]) => !field.optional && isAssignable(field.type, wanted, this.document.models))
      .map(([name]) => `value.${name}`);
  }

  private source({ from }: Agent): Scope {
    if (from.kind === 'changes') return this.table(from.table);
    const topics = from.topics.flatMap((id) => own(this.document.topics, id) ?? []);
    return this.scope(unionOf(topics.map(({ key }) => key)), unionOf(topics.map(({ value }) => value)));
  }

  private scope(key: Type, value: Type): Scope {
    return { key, value, models: this.document.models };
  }
}
