import { type BatchHeader, headerBytes } from './batch-header.ts';

/** A transaction that was aborted, of those that a read_committed fetch concerns. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/** Tells, batch by batch in offset order, which ones belong to an aborted transaction, as Java's consumer does. */
export class AbortedTransactions {
  /** By first offset. */
  readonly #ahead: AbortedTransaction[];
  /** Producers whose aborted transaction has begun and not ended. */
  readonly #open = new Set<bigint>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#ahead = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  }

  /** To be asked of every batch, the control batches too: an abort marker ends its producer's transaction. */
  covers(header: BatchHeader): boolean {
    if (this.#ahead.length === 0 && this.#open.size === 0) return false;
    const { nextOffset, producerId } = header;
    for (let first = this.#ahead[0]; first !== undefined && first.firstOffset < nextOffset; first = this.#ahead[0]) {
      this.#open.add(first.producerId);
      this.#ahead.shift();
    }
    if (!header.isControl) return header.isTransactional && this.#open.has(producerId);
    if (isAbortMarker(header)) this.#open.delete(producerId);
    return false;
  }
}

/** The key of a control batch's one record: a version and a type, of which 0 is an abort. */
function isAbortMarker({ bytes, at }: BatchHeader): boolean {
  // Length, time and offset of the record in front of it are small numbers: a byte each, but for the length's second.
  let place = at + headerBytes;
  const skipVarint = (): void => {
    while ((bytes[place++] ?? 0) >= 128);
  };
  skipVarint();
  place++; // attributes: none are defined
  for (let field = 0; field < 3; field++) skipVarint();
  return bytes.readInt16BE(place + 2) === 0;
}
