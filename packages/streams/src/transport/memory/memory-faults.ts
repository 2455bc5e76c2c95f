import type { TopicSpec } from '../admin.ts';
import type { ProducedRecord } from '../record.ts';
import { TransportError } from '../transport-error.ts';

/** Kafka's default of `message.max.bytes`. */
const defaultMaxBytes = 1_048_588;

/** Failures a test switches on; call `broker.wake()` after a change. */
export class MemoryFaults {
  /** Every call fails as if no broker answered. */
  unreachable = false;
  /** Produced records are neither written nor refused: they wait. */
  holdProduce = false;
  /** The next so many produce batches are refused and their records lost. */
  refuseProduces = 0;
  /** Records to this topic are refused. */
  refuseTopic: string | null = null;
  /** The next so many commits time out before they count. */
  refuseCommits = 0;

  /** The most bytes that a topic takes of a record, key, value and headers; its own `max.message.bytes` unless said here. */
  readonly maxRecordBytes = new Map<string, number>();

  reach(): void {
    if (this.unreachable) throw new TransportError('unreachable', 'memory: connection refused', { retriable: true });
  }

  commit(): void {
    this.reach();
    if (this.refuseCommits > 0) {
      this.refuseCommits--;
      throw new TransportError('timeout', 'memory: the commit timed out', { retriable: true });
    }
  }

  /** For a batch as a whole. */
  produce(): void {
    this.reach();
    if (this.refuseProduces > 0) {
      this.refuseProduces--;
      throw new TransportError('timeout', 'memory: the produce request timed out', { retriable: true });
    }
  }

  /** For each of its records. */
  produceTo(topic: string): TransportError | null {
    if (this.refuseTopic !== topic) return null;
    return new TransportError('timeout', `memory: ${topic} took no records`, { retriable: true });
  }

  /** The refusal of a record that is too large for its topic. */
  tooLarge(record: ProducedRecord, configs: TopicSpec['configs']): TransportError | null {
    const headers = (record.headers ?? []).reduce((sum, [name, value]) => sum + name.length + (value?.length ?? 0), 0);
    const size = (record.key?.length ?? 0) + (record.value?.length ?? 0) + headers;
    const most = this.maxRecordBytes.get(record.topic) ?? Number(configs?.['max.message.bytes'] ?? defaultMaxBytes);
    if (size <= most) return null;
    return new TransportError('record-too-large', `memory: ${record.topic} takes no record of ${size} bytes`, {
      retriable: false,
    });
  }
}
