/**
 * What compaction knows of the transactions in the segments it writes anew. It is shown their batches in the order of the
 * log, from its start on, and all of their transactions are decided: segments up to the last stable offset are cleaned,
 * and none beyond, so that the batches of a transaction always come before its marker.
 *
 * A commit marker tells a reader nothing: it is there for recovery, which without it would take the transaction for open.
 * Where none of its records is left, recovery would not know of the transaction at all, and the marker may go.
 *
 * An abort marker stays. Producer state keeps the range of an aborted transaction for as long as the log reaches back to
 * it, and answers every fetch that touches the range with it; a reader then drops all of that producer's records until it
 * comes to the marker, even if none of those in the range are left, and would without it drop the next transaction's.
 */
import { markerOf } from './control-batch.ts';
import { countWhile } from './count-while.ts';
import type { AbortedTransaction } from './producer-state.ts';
import type { RecordBatch } from './record-batch.ts';

/** Whether a batch belongs to an aborted transaction. */
export class AbortedRanges {
  readonly #byProducer = new Map<bigint, AbortedTransaction[]>();

  /** In the order of the log; those of one producer do not overlap. */
  constructor(aborted: readonly AbortedTransaction[]) {
    for (const one of aborted) {
      const ranges = this.#byProducer.get(one.producerId);
      if (ranges === undefined) this.#byProducer.set(one.producerId, [one]);
      else ranges.push(one);
    }
  }

  holds({ isTransactional, producerId, baseOffset }: RecordBatch): boolean {
    const ranges = isTransactional ? this.#byProducer.get(producerId) : undefined;
    if (ranges === undefined) return false;
    const next = ranges[countWhile(ranges, ({ lastOffset }) => lastOffset < baseOffset)];
    return next !== undefined && next.firstOffset <= baseOffset && baseOffset < next.lastOffset;
  }
}

/** Which markers are still needed, told of every batch that is kept. */
export class NeededMarkers {
  /** Producers with a record in the log of the transaction they are in. */
  readonly #withRecords = new Set<bigint>();

  noteKept({ isTransactional, producerId }: RecordBatch): void {
    if (isTransactional) this.#withRecords.add(producerId);
  }

  /** Whether this control batch must stay; also one of a kind that we do not know. */
  isNeeded(batch: RecordBatch): boolean {
    const hasRecords = this.#withRecords.delete(batch.producerId);
    return hasRecords || markerOf(batch) !== 'commit';
  }
}
