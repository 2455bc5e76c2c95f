import { TransportError } from '../transport-error.ts';

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
}
