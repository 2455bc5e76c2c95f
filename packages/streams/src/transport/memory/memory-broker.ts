import type { Clock } from '../../clock.ts';
import type { TopicSpec } from '../admin.ts';
import { partitionOfKey } from '../partitioner.ts';
import { type ProducedRecord, partitionId } from '../record.ts';
import { TransportError } from '../transport-error.ts';
import { MemoryFaults } from './memory-faults.ts';
import { MemoryGroup } from './memory-group.ts';
import { MemoryLog } from './memory-log.ts';
import { MemoryTransaction } from './memory-transaction.ts';
import { MemoryTransport } from './memory-transport.ts';

/** Kafka in memory: topics and groups that several transports share. Nothing is kept when it goes. */
export class MemoryBroker {
  readonly clock: Clock;
  readonly faults = new MemoryFaults();
  readonly topics = new Map<
    string,
    { readonly id: string; readonly spec: TopicSpec; readonly logs: readonly MemoryLog[] }
  >();
  readonly #groups = new Map<string, MemoryGroup>();
  readonly #listeners = new Set<() => void>();
  #keyless = 0;
  #ids = 0;
  #activity = 0;

  constructor(options: { readonly clock: Clock }) {
    this.clock = options.clock;
  }

  /** A client of its own: closing it ends its consumers and producers alone. */
  transport(): MemoryTransport {
    return new MemoryTransport(this);
  }

  /** Grows with everything that happens: unchanged over some turns of the event loop, all is quiet. */
  get activity(): number {
    return this.#activity;
  }

  create(spec: TopicSpec): boolean {
    if (this.topics.has(spec.name)) return false;
    const logs = Array.from({ length: spec.partitions }, (_, partition) => new MemoryLog(spec.name, partition));
    this.topics.set(spec.name, { id: `topic-${++this.#ids}`, spec, logs });
    this.wake();
    return true;
  }

  addPartitions(name: string, partitions: number): void {
    const topic = this.topics.get(name);
    const logs = this.logs(name);
    if (!topic || logs.length >= partitions)
      throw new TransportError('invalid-request', `memory: ${name} has ${logs.length} partitions`, {
        retriable: false,
      });
    const added = Array.from(
      { length: partitions - logs.length },
      (_, index) => new MemoryLog(name, logs.length + index),
    );
    this.topics.set(name, { ...topic, logs: [...logs, ...added] });
    this.wake();
  }

  /** With its log goes what groups have committed of it. */
  /** Throws `unknown-topic` when the topic is gone, or is another than the one with this id. */
  checkIs(name: string, id: string): void {
    if (this.topics.get(name)?.id === id) return;
    throw new TransportError('unknown-topic', `memory: ${name} was deleted`, { retriable: true });
  }

  delete(name: string): void {
    for (let partition = 0; partition < (this.topics.get(name)?.logs.length ?? 0); partition++)
      for (const group of this.#groups.values()) group.committed.delete(partitionId(name, partition));
    this.topics.delete(name);
    this.wake();
  }

  logs(topic: string): readonly MemoryLog[] {
    const found = this.topics.get(topic);
    if (!found) throw new TransportError('unknown-topic', `memory: there is no topic ${topic}`, { retriable: false });
    return found.logs;
  }

  log(topic: string, partition: number): MemoryLog {
    const log = this.logs(topic)[partition];
    if (!log)
      throw new TransportError('invalid-request', `memory: ${topic} has no partition ${partition}`, {
        retriable: false,
      });
    return log;
  }

  group(id: string): MemoryGroup {
    let group = this.#groups.get(id);
    if (!group) {
      group = new MemoryGroup(this.clock, (topic) => this.topics.get(topic)?.logs.length ?? 0);
      this.#groups.set(id, group);
    }
    return group;
  }

  /** Begins one. */
  transaction(): MemoryTransaction {
    return new MemoryTransaction(this);
  }

  append(record: ProducedRecord, transaction?: MemoryTransaction): MemoryLog {
    const logs = this.logs(record.topic);
    const partition =
      record.partition ?? (record.key ? partitionOfKey(record.key, logs.length) : this.#keyless++ % logs.length);
    const log = this.log(record.topic, partition);
    log.append({
      timestampMs: record.timestampMs,
      key: record.key,
      value: record.value,
      ...(record.headers ? { headers: record.headers } : {}),
      ...(transaction ? { transaction } : {}),
    });
    return log;
  }

  /** Tells every waiting consumer, producer and reader that something has changed. */
  wake(): void {
    this.#activity++;
    for (const listener of [...this.#listeners]) listener();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
