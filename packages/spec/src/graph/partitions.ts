import type { Agent, AppDocument, Step } from '../document/document.ts';
import { own } from '../document/element.ts';
import { changelogTopic, lateTopic, repartitionTopic } from '../names.ts';
import type { PlannedTopic } from '../plan/plan.ts';

/** An internal topic that brings events of one key together. */
export interface Repartition {
  readonly agent: string;
  readonly step: string;
  readonly topic: string;
  readonly partitions: number;
}

/** Whether a step goes through an internal topic. `group_by: key` changes nothing and goes through none, unless it says with how many partitions. */
export const repartitions = (step: Step): step is Extract<Step, { op: 'group_by' }> =>
  step.op === 'group_by' && (step.key.trim() !== 'key' || step.partitions !== undefined);

/** By Kafka topic, how many partitions those have that are there. */
export type TopicPartitions = ReadonlyMap<string, number>;

/**
 * How many partitions the sources and tables of a document have, each worked out once. What Kafka has rules, as when the app runs. A table has as many as
 * what the agents that feed it bring to it, who must agree; a repartition keeps the number, unless it says its own. 1 when nothing feeds it.
 */
export class PartitionCounts {
  readonly #document: AppDocument;
  /** By table, the agents that aggregate into it. */
  readonly #feeders: ReadonlyMap<string, readonly string[]>;
  readonly #there: TopicPartitions;
  readonly #tables = new Map<string, number>();

  /** `there`: the topics that Kafka has. Absent: only the document is known. */
  constructor(document: AppDocument, there: TopicPartitions = new Map()) {
    this.#document = document;
    this.#there = there;
    this.#feeders = feedersOf(document);
  }

  /** The agents that aggregate into a table, by name. */
  feeders(table: string): readonly string[] {
    return this.#feeders.get(table) ?? [];
  }

  /** The most of an agent's topics; those of the table whose changes it reads. */
  ofSource(agent: Agent): number {
    if (agent.from.kind === 'changes') return this.ofTable(agent.from.table);
    const counts = agent.from.topics.flatMap((id) => {
      const topic = own(this.#document.topics, id);
      return topic === undefined ? [] : [this.#there.get(topic.name) ?? topic.partitions];
    });
    return Math.max(1, ...counts);
  }

  /** Those of an agent's events where they come to its table. */
  ofFeed(name: string): number {
    const agent = own(this.#document.agents, name);
    if (agent === undefined) return 1;
    return this.repartitionsOf(name, agent).at(-1)?.partitions ?? this.ofSource(agent);
  }

  /** What an agent's events go through, in the order of its steps. */
  repartitionsOf(name: string, agent: Agent): Repartition[] {
    let partitions: number | undefined;
    return agent.steps.filter(repartitions).map((step) => {
      const topic = repartitionTopic(this.#document.app, name, step.id);
      partitions = step.partitions ?? this.#there.get(topic) ?? partitions ?? this.ofSource(agent);
      return { agent: name, step: step.id, topic, partitions };
    });
  }

  ofTable(table: string): number {
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    this.#tables.set(table, 1); // For a table that feeds itself, which is another problem.
    const partitions = Math.max(1, ...this.feeders(table).map((name) => this.ofFeed(name)));
    this.#tables.set(table, partitions);
    return partitions;
  }
}

/** Of one table; for many of them, keep a `PartitionCounts`. */
export const tablePartitions = (document: AppDocument, table: string): number =>
  new PartitionCounts(document).ofTable(table);

/** By table, the names of the agents that aggregate into it, in the order of the document. */
export function feedersOf(document: AppDocument): ReadonlyMap<string, readonly string[]> {
  const feeders = new Map<string, string[]>();
  for (const [name, { steps }] of Object.entries(document.agents)) {
    for (const table of new Set(steps.flatMap((step) => (step.op === 'aggregate' ? [step.table] : [])))) {
      const others = feeders.get(table);
      if (others === undefined) feeders.set(table, [name]);
      else others.push(name);
    }
  }
  return feeders;
}

/** Every repartition of the app, with as many partitions as it says, else as what comes to it has. */
export function repartitionsOf(document: AppDocument, counts = new PartitionCounts(document)): Repartition[] {
  return Object.entries(document.agents).flatMap(([name, agent]) => counts.repartitionsOf(name, agent));
}

/** Every Kafka topic that a document needs: its own, and those the engine keeps for it. Each name once. `there`: those that Kafka has. */
export function kafkaTopicsOf(document: AppDocument, there?: TopicPartitions): PlannedTopic[] {
  const topics = new Map<string, PlannedTopic>();
  const add = (topic: PlannedTopic): void => {
    if (!topics.has(topic.name)) topics.set(topic.name, topic);
  };
  for (const { name, partitions } of Object.values(document.topics)) add({ name, partitions, role: 'topic' });
  const counts = new PartitionCounts(document, there);
  for (const { topic, partitions } of repartitionsOf(document, counts))
    add({ name: topic, partitions, role: 'repartition' });
  for (const [id, table] of Object.entries(document.tables)) {
    if (counts.feeders(id).length === 0) continue;
    const partitions = counts.ofTable(id);
    add({ name: changelogTopic(document.app, id), partitions, role: 'changelog' });
    if (table.window !== undefined) add({ name: lateTopic(document.app, id), partitions, role: 'late' });
  }
  add({ name: document.settings.deadLetterTopic, partitions: 1, role: 'dead-letters' });
  return [...topics.values()];
}

/** The other tables that a table shares its sources with, over any number of agents: where one is counted again from the first record, all are. */
export function tablesCountedWith(document: AppDocument, table: string): ReadonlySet<string> {
  const joined = new Set([`table:${table}`]);
  const links = Object.values(document.agents).map(({ from, steps }) => [
    ...(from.kind === 'topics' ? from.topics.map((topic) => `topic:${topic}`) : [`table:${from.table}`]),
    ...steps.flatMap((step) => (step.op === 'aggregate' ? [`table:${step.table}`] : [])),
  ]);
  for (let before = 0; before < joined.size; ) {
    before = joined.size;
    for (const link of links) if (link.some((end) => joined.has(end))) for (const end of link) joined.add(end);
  }
  const tables = [...joined].flatMap((end) => (end.startsWith('table:') ? [end.slice('table:'.length)] : []));
  return new Set(tables.filter((name) => name !== table));
}
