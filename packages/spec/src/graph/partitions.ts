import type { Agent, AppDocument, Step } from '../document/document.ts';
import { own } from '../document/element.ts';
import { repartitionTopic } from '../names.ts';

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
