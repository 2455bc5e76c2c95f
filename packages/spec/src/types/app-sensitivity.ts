import type { AppDocument, Step } from '../document/document.ts';
import { repartitionTopic } from '../names.ts';
import { sensitivityOfExpression } from './sensitive-expression.ts';
import {
  either,
  entry,
  fieldsOf,
  nothingSensitive,
  type RecordSensitivity,
  type Sensitivity,
  sensitivityOf,
} from './sensitivity.ts';

/** What of an app's records is sensitive, by what its models say and what its agents derive from that. */
export interface AppSensitivity {
  /** By id in the document. */
  readonly topics: ReadonlyMap<string, RecordSensitivity>;
  /** Rows: the key, and the aggregates by name. */
  readonly tables: ReadonlyMap<string, RecordSensitivity>;
  /** Entries of the changelogs: by name and function, the states of the aggregates; those of `distinct` hold values, which its row does not. */
  readonly states: ReadonlyMap<string, Sensitivity>;
  /** By Kafka name. */
  readonly repartitions: ReadonlyMap<string, RecordSensitivity>;
  /** By table: the records that go to its late topic, as they were read. */
  readonly late: ReadonlyMap<string, RecordSensitivity>;
}

/** Agents that feed each other's sources in a row settle in as many rounds. */
const maxRounds = 64;

export function appSensitivity(document: AppDocument): AppSensitivity {
  const pass = new Pass(document);
  for (let round = 0; round < maxRounds && pass.run(); round++);
  return pass;
}

class Pass implements AppSensitivity {
  readonly topics = new Map<string, RecordSensitivity>();
  readonly tables = new Map<string, RecordSensitivity>();
  readonly states = new Map<string, Sensitivity>();
  readonly repartitions = new Map<string, RecordSensitivity>();
  readonly late = new Map<string, RecordSensitivity>();
  readonly #document: AppDocument;
  #changed = false;

  constructor(document: AppDocument) {
    this.#document = document;
    const { models } = document;
    for (const [id, { key, value }] of Object.entries(document.topics))
      this.topics.set(id, { key: sensitivityOf(key, models), value: sensitivityOf(value, models) });
    for (const [id, { key }] of Object.entries(document.tables))
      this.tables.set(id, { key: sensitivityOf(key, models), value: false });
  }

  /** Follows every agent once. True where something more is sensitive than before. */
  run(): boolean {
    this.#changed = false;
    for (const [agent, { from, steps }] of Object.entries(this.#document.agents)) {
      let read: RecordSensitivity =
        from.kind === 'topics'
          ? from.topics.map((topic) => this.topics.get(topic) ?? nothingSensitive).reduce(both, nothingSensitive)
          : (this.tables.get(from.table) ?? nothingSensitive);
      let at = read;
      for (const step of steps) {
        at = this.#after(agent, step, at, read);
        if (step.op === 'group_by' || step.op === 'aggregate') read = at;
      }
    }
    return this.#changed;
  }

  #after(agent: string, step: Step, at: RecordSensitivity, read: RecordSensitivity): RecordSensitivity {
    switch (step.op) {
      case 'filter':
        return at;
      case 'map':
        return { ...at, value: mapped(step, at) };
      case 'group_by': {
        const grouped = { ...at, key: sensitivityOfExpression(step.key, at) };
        this.#add(this.repartitions, repartitionTopic(this.#document.app, agent, step.id), grouped);
        return grouped;
      }
      case 'aggregate':
        return this.#aggregated(step.table, at, read);
      case 'send':
        this.#add(this.topics, step.to, {
          key: step.key === undefined ? at.key : sensitivityOfExpression(step.key, at),
          value: at.value,
        });
        return at;
    }
  }

  #aggregated(table: string, at: RecordSensitivity, read: RecordSensitivity): RecordSensitivity {
    const args = Object.entries(this.#document.tables[table]?.value ?? {}).map(([name, { fn, arg }]) => ({
      name,
      fn,
      sensitivity: arg === undefined ? false : sensitivityOfExpression(arg, at),
    }));
    const counts = new Set(['count', 'distinct']);
    const row = {
      key: at.key,
      value: fieldsOf(args.map(({ name, fn, sensitivity }) => [name, counts.has(fn) ? false : sensitivity])),
    };
    this.#add(this.tables, table, row);
    this.#add(this.late, table, read);
    const states = fieldsOf(args.map(({ name, fn, sensitivity }) => [`${name}:${fn}`, sensitivity !== false]));
    this.states.set(table, either(this.states.get(table) ?? false, states));
    return this.tables.get(table) ?? row;
  }

  #add(to: Map<string, RecordSensitivity>, id: string, more: RecordSensitivity): void {
    const before = to.get(id) ?? nothingSensitive;
    const after = both(before, more);
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    to.set(id, after);
    this.#changed = true;
  }
}

const both = (a: RecordSensitivity, b: RecordSensitivity): RecordSensitivity => ({
  key: either(a.key, b.key),
  value: either(a.value, b.value),
});

function mapped(step: Step & { readonly op: 'map' }, at: RecordSensitivity): Sensitivity {
  const { value } = at;
  switch (step.mode) {
    case 'replace':
    case 'set': {
      const made = Object.entries(step.fields).map(
        ([name, source]) => [name, sensitivityOfExpression(source, at)] as const,
      );
      if (step.mode === 'replace') return fieldsOf(made);
      return typeof value === 'object' && 'fields' in value
        ? fieldsOf([...Object.entries(value.fields).filter(([name]) => !Object.hasOwn(step.fields, name)), ...made])
        : value === false
          ? fieldsOf(made)
          : value;
    }
    case 'keep':
    case 'drop': {
      if (typeof value !== 'object' || !('fields' in value)) return value;
      const names = new Set(step.names);
      return fieldsOf(Object.entries(value.fields).filter(([name]) => names.has(name) === (step.mode === 'keep')));
    }
    case 'rename': {
      if (typeof value !== 'object' || !('fields' in value)) return value;
      return fieldsOf(
        Object.keys(value.fields).map((name) => [
          Object.hasOwn(step.names, name) ? (step.names[name] ?? name) : name,
          entry(value, name),
        ]),
      );
    }
  }
}
