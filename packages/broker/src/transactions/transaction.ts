import type { CommittedOffset, TopicPartition } from '../groups/offset-store.ts';
import type { TransactionState } from './transaction-state.ts';

/** A transactional id and its present or last transaction. Replaced as a whole by each change, once that is durable. */
export interface Transaction {
  readonly id: string;
  readonly producerId: bigint;
  readonly epoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  /** When it last changed. */
  readonly touchedMs: number;
  /** When the present transaction began, and what it has written to. */
  readonly startedMs: number;
  readonly partitions: readonly TopicPartition[];
  readonly groups: readonly string[];
  /** Offsets to be committed with it. */
  readonly offsets: readonly PendingOffset[];
}

export interface PendingOffset extends CommittedOffset {
  readonly group: string;
}

/** A transaction as plain JSON; 64-bit numbers in decimal. */
export type TransactionEntry = Omit<Transaction, 'producerId' | 'offsets'> & {
  readonly producerId: string;
  readonly offsets: readonly (Omit<PendingOffset, 'offset'> & { readonly offset: string })[];
};

export function toEntry(transaction: Transaction): TransactionEntry {
  const offsets = transaction.offsets.map((one) => ({ ...one, offset: String(one.offset) }));
  return { ...transaction, producerId: String(transaction.producerId), offsets };
}

export function fromEntry(entry: TransactionEntry): Transaction {
  const offsets = entry.offsets.map((one) => ({ ...one, offset: BigInt(one.offset) }));
  return { ...entry, producerId: BigInt(entry.producerId), offsets };
}
