import { partitionId, type TopicPartition } from '../transport/record.ts';

/** What flow control does to a consumer. */
export interface FlowTarget {
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
}

/** Why a partition is not fetched: its buffer is full, its task is not restored yet, a person paused the app. Each reason stands for itself. */
export type HoldReason = 'buffer' | 'restore' | 'person';

/** Pauses a partition with its first reason and resumes it when the last is gone. */
export class FlowControl {
  readonly #target: FlowTarget;
  readonly #partitions = new Map<string, { readonly partition: TopicPartition; readonly reasons: Set<HoldReason> }>();
  #turns = 0;

  constructor(target: FlowTarget) {
    this.#target = target;
  }

  /** How often a partition was paused or resumed. */
  get turns(): number {
    return this.#turns;
  }

  /** A new assignment: the driver fetches all of them until told otherwise. */
  reset(partitions: readonly TopicPartition[]): void {
    this.#partitions.clear();
    for (const { topic, partition } of partitions) {
      this.#partitions.set(partitionId(topic, partition), { partition: { topic, partition }, reasons: new Set() });
    }
  }

  set(topic: string, partition: number, reason: HoldReason, held: boolean): void {
    const entry = this.#partitions.get(partitionId(topic, partition));
    if (!entry || entry.reasons.has(reason) === held) return;
    const before = entry.reasons.size > 0;
    if (held) entry.reasons.add(reason);
    else entry.reasons.delete(reason);
    const after = entry.reasons.size > 0;
    if (before !== after) this.#turns++;
    if (after && !before) this.#target.pause([entry.partition]);
    if (before && !after) this.#target.resume([entry.partition]);
  }

  setAll(reason: HoldReason, held: boolean): void {
    for (const { partition } of this.#partitions.values()) this.set(partition.topic, partition.partition, reason, held);
  }

  paused(topic: string, partition: number): boolean {
    return (this.#partitions.get(partitionId(topic, partition))?.reasons.size ?? 0) > 0;
  }
}
