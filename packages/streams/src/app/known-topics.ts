import type { TaskInput } from '../task/task-input.ts';
import type { AssignedTopic } from '../transport/group-consumer.ts';
import { partitionId, type TopicPartition } from '../transport/record.ts';

/** A partition as this app has read it: of which topic, by its id, and how far. */
export interface ReadPartition {
  readonly log: string | null;
  readonly position: bigint;
  /** Passed over, as far as committed: what comes after is read, and counted, again. */
  readonly tombstones: number;
}

/** The topics as an app on this worker has read them: it outlives sessions, and what is gone from the group with a topic. */
export class KnownTopics {
  readonly #topics = new Map<string, AssignedTopic>();
  readonly #read = new Map<string, Pick<ReadPartition, 'position' | 'tombstones'>>();

  topic(name: string): AssignedTopic | undefined {
    return this.#topics.get(name);
  }

  /** Undefined: nothing was read of its topic. */
  partition({ topic, partition }: TopicPartition): ReadPartition | undefined {
    const known = this.#topics.get(topic);
    return known && { log: known.id, position: 0n, tombstones: 0, ...this.#read.get(partitionId(topic, partition)) };
  }

  assigned(topics: ReadonlyMap<string, AssignedTopic>): void {
    for (const [name, topic] of topics) if (topic.partitions > 0) this.#topics.set(name, topic);
  }

  /** These are no longer read here. */
  givenUp(inputs: Iterable<TaskInput>): void {
    for (const { topic, partition, tracker, committedTombstones } of inputs) {
      this.#read.set(partitionId(topic, partition), { position: tracker.position, tombstones: committedTombstones });
    }
  }
}
