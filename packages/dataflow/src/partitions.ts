import { type AppDocument, feedersOf, type TopicPartitions } from '@millrace/spec';
import type { AgentFlow, Repartition } from './agent-steps.ts';

/**
 * How many partitions every Kafka topic that is read, and every table that is aggregated into, has. What Kafka has rules; of a topic that is not there, what
 * the document says, and of a repartition topic what its step says, or as many as what feeds it.
 */
export class Partitions {
  readonly #declared: TopicPartitions;
  readonly #there: TopicPartitions;
  readonly #repartitions: ReadonlyMap<string, Repartition>;
  /** By table, where its first agent's records come from when they get to it. */
  readonly #feeds: ReadonlyMap<string, Repartition['from']>;
  readonly #visiting = new Set<string>();

  constructor(document: AppDocument, flows: ReadonlyMap<string, AgentFlow>, there: TopicPartitions) {
    this.#there = there;
    this.#declared = new Map(Object.values(document.topics).map(({ name, partitions }) => [name, partitions]));
    this.#repartitions = new Map(
      [...flows.values()].flatMap(({ repartitions }) => repartitions.map((each) => [each.topic, each] as const)),
    );
    this.#feeds = new Map(
      [...feedersOf(document)].flatMap(([table, agents]) => {
        const from = flows.get(agents[0] ?? '')?.feeds.get(table);
        return from === undefined ? [] : [[table, from] as const];
      }),
    );
  }

  topic(name: string): number {
    const declared = this.#declared.get(name);
    if (declared !== undefined) return this.#there.get(name) ?? declared;
    const { partitions, from } = this.#repartitions.get(name) ?? {};
    return partitions ?? this.#there.get(name) ?? this.#once(name, from);
  }

  table(id: string): number {
    return this.#once(id, this.#feeds.get(id));
  }

  #once(name: string, from: Repartition['from'] | undefined): number {
    // What feeds itself is another problem.
    if (from === undefined || this.#visiting.has(name)) return 1;
    this.#visiting.add(name);
    const found = this.#of(from);
    this.#visiting.delete(name);
    return found;
  }

  #of(from: Repartition['from']): number {
    return from.kind === 'changes'
      ? this.table(from.table)
      : Math.max(1, ...from.topics.map((topic) => this.topic(topic)));
  }
}
