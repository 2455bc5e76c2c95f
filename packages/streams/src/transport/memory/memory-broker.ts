import type { Clock } from '../../clock.ts';
import type { TopicSpec } from '../admin.ts';
import { partitionOfKey } from '../partitioner.ts';
import type { ProducedRecord, RecordHeaders } from '../record.ts';
import { TransportError } from '../transport-error.ts';
import { MemoryFaults } from './memory-faults.ts';
import { MemoryGroup } from './memory-group.ts';
import { MemoryLog } from './memory-log.ts';
import { MemoryTransport } from './memory-transport.ts';

/** Kafka in memory: topics and groups that several transports share. Nothing is kept when it goes. */
export class MemoryBroker {
  readonly clock: Clock;
  readonly faults = new MemoryFaults();
  readonly topics = new Map<string, { readonly spec: TopicSpec; readonly logs: readonly MemoryLog[] }>();
  readonly #groups = new Map<string, MemoryGroup>();
  readonly #listeners = new Set<() => void>();
  #keyless = 0;
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
    this.topics.set(spec.name, { spec, logs });
    this.wake();
    return true;
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

  append(record: ProducedRecord): void {
    const logs = this.logs(record.topic);
    const partition =
      record.partition ?? (record.key ? partitionOfKey(record.key, logs.length) : this.#keyless++ % logs.length);
    this.log(record.topic, partition).append({
      timestampMs: record.timestampMs,
      key: record.key,
      value: record.value,
      ...(record.headers ? { headers: asBuffers(record.headers) } : {}),
    });
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

/** Headers come back from a broker as bytes. */
const asBuffers = (headers: RecordHeaders): RecordHeaders =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? Buffer.from(value) : value]),
  );
