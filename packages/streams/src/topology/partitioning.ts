import type { AppDocument } from '@millrace/spec';
import { assert } from '../assert.ts';
import type { Stage } from './stage.ts';

/** By Kafka topic, how many partitions those have that are there. */
export type PartitionCounts = ReadonlyMap<string, number>;

/**
 * How many partitions every Kafka topic that is read, and every table that is aggregated into, has. What Kafka has rules; of a topic that is not there, what
 * the document says, and of a repartition topic what its step says, or as many as its stage's source.
 */
export class Partitioning {
  readonly #declared: PartitionCounts;
  readonly #there: PartitionCounts;
  readonly #stages: readonly Stage[];
  readonly #visiting = new Set<string>();

  constructor(document: AppDocument, stages: readonly Stage[], there: PartitionCounts) {
    this.#there = there;
    this.#declared = new Map(Object.values(document.topics).map(({ name, partitions }) => [name, partitions]));
    this.#stages = stages;
  }

  topic(name: string): number {
    const declared = this.#declared.get(name);
    if (declared !== undefined) return this.#there.get(name) ?? declared;
    const writer = this.#stages.find(({ repartition }) => repartition?.format.topic === name);
    assert(writer, `nothing writes ${name}`);
    return writer.repartition?.partitions ?? this.#there.get(name) ?? this.#once(name, () => this.stage(writer));
  }

  table(id: string): number {
    const writer = this.#stages.find(({ aggregates }) => aggregates === id);
    assert(writer, `nothing aggregates into ${id}`);
    return this.#once(id, () => this.stage(writer));
  }

  stage({ input }: Stage): number {
    return input.kind === 'changes'
      ? this.table(input.table)
      : Math.max(...input.formats.map(({ topic }) => this.topic(topic)));
  }

  #once(name: string, find: () => number): number {
    assert(!this.#visiting.has(name), `${name} feeds itself`);
    this.#visiting.add(name);
    const found = find();
    this.#visiting.delete(name);
    return found;
  }
}
