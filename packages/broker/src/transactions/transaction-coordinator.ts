/**
 * Producer ids, and the transactions of transactional producers. Every change is in the journal before it is answered: a
 * transaction that was being ended when the broker was killed is ended on opening, and one that was open stays open until
 * its producer ends it, another producer takes its id, or its time is over.
 */
import type { Clock } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import { Journal } from '../disk/journal.ts';
import type { TopicPartition } from '../groups/offset-store.ts';
import type { ControlMarker } from '../log/producer-state.ts';
import type { RecordBatch } from '../log/record-batch.ts';
import { Serial } from '../log/serial.ts';
import { type LogLine, reasonOf } from '../log-line.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { carryOut, type SettlementEnvironment } from './settlement.ts';
import { fromEntry, type PendingOffset, type Transaction, type TransactionEntry, toEntry } from './transaction.ts';
import { nextState, type TransactionEvent } from './transaction-state.ts';

export interface TransactionEnvironment extends SettlementEnvironment {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: LogLine;
  readonly maxTimeoutMs: number;
}

export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly epoch: number;
}

type JournalEntry =
  | { readonly nextProducerId: string }
  | { readonly transaction: TransactionEntry }
  /** A transactional id that nobody has used for long. */
  | { readonly forgotten: string };

interface Known {
  readonly transactions: Map<string, Transaction>;
  nextProducerId: bigint;
}

/** A producer id whose epochs are used up is replaced. */
const lastEpoch = 32_766;
/** When what is decided could not be carried out (a full disk), it is tried again after this time. */
const settleAgainMs = 1_000;

export class TransactionCoordinator {
  readonly #environment: TransactionEnvironment;
  readonly #journal: Journal<JournalEntry>;
  readonly #known: Known;
  readonly #turns = new Map<string, Serial>();
  readonly #timeouts = new Map<string, () => void>();
  #isClosing = false;

  private constructor(environment: TransactionEnvironment, journal: Journal<JournalEntry>, known: Known) {
    this.#environment = environment;
    this.#journal = journal;
    this.#known = known;
  }

  /** Opens the journal, ends what was being ended, and sets the clocks of open transactions. */
  static async open(environment: TransactionEnvironment): Promise<TransactionCoordinator> {
    const known: Known = { transactions: new Map(), nextProducerId: 1n };
    const journal = await Journal.open<JournalEntry>({
      disk: environment.disk,
      log: environment.log,
      path: 'transactions.journal',
      refusal: ErrorCode.coordinatorNotAvailable,
      apply(entry) {
        if ('nextProducerId' in entry) known.nextProducerId = maxOf(known.nextProducerId, BigInt(entry.nextProducerId));
        else if ('forgotten' in entry) known.transactions.delete(entry.forgotten);
        else known.transactions.set(entry.transaction.id, fromEntry(entry.transaction));
      },
      *snapshot() {
        yield { nextProducerId: String(known.nextProducerId) };
        for (const transaction of known.transactions.values()) yield { transaction: toEntry(transaction) };
      },
    });
    const coordinator = new TransactionCoordinator(environment, journal, known);
    for (const transaction of known.transactions.values()) {
      if (isEnding(transaction)) await coordinator.#settleOrLater(transaction);
      if (transaction.state === 'Ongoing') coordinator.#armTimeout(transaction);
    }
    return coordinator;
  }

  get(id: string): Transaction | undefined {
    return this.#known.transactions.get(id);
  }

  all(): Transaction[] {
    return [...this.#known.transactions.values()];
  }

  /** An id for a producer that is only idempotent. */
  async newProducer(): Promise<ProducerIdentity> {
    const producerId = this.#known.nextProducerId;
    this.#known.nextProducerId += 1n;
    await this.#journal.append({ nextProducerId: String(this.#known.nextProducerId) });
    return { producerId, epoch: 0 };
  }

  /**
   * Gives the transactional id to a producer, fencing the one that had it and aborting what that had open. Throws
   * INVALID_TRANSACTION_TIMEOUT, and PRODUCER_FENCED when `claimed`, the identity the producer had, is not the present one.
   */
  initialize(id: string, timeoutMs: number, claimed: ProducerIdentity | null): Promise<ProducerIdentity> {
    if (timeoutMs <= 0 || timeoutMs > this.#environment.maxTimeoutMs) {
      throw new KafkaError(ErrorCode.invalidTransactionTimeout, `${timeoutMs} ms is not a time a transaction may take`);
    }
    return this.#inTurn(id, async () => {
      const present = this.#known.transactions.get(id);
      if (present === undefined) {
        const identity = await this.newProducer();
        await this.#store({ ...fresh, id, ...identity, timeoutMs, state: 'Empty' });
        return identity;
      }
      if (claimed !== null && (claimed.producerId !== present.producerId || claimed.epoch !== present.epoch)) {
        throw new KafkaError(ErrorCode.producerFenced, 'another producer has taken the transactional id');
      }
      const settled = await this.#abortOpen(present);
      const identity =
        settled.epoch >= lastEpoch
          ? await this.newProducer()
          : { producerId: settled.producerId, epoch: settled.epoch + 1 };
      await this.#store({
        ...settled,
        ...fresh,
        ...identity,
        timeoutMs,
        state: nextState(settled.state, 'initialized'),
      });
      return identity;
    });
  }

  /** Makes partitions or groups part of the transaction, beginning it. Throws as `#owned` and the table do. */
  join(
    id: string,
    producer: ProducerIdentity,
    partitions: readonly TopicPartition[],
    groups: readonly string[],
  ): Promise<void> {
    return this.#inTurn(id, async () => {
      const transaction = this.#owned(id, producer);
      const begins = transaction.state !== 'Ongoing';
      const before = begins ? { ...transaction, ...fresh, startedMs: this.#environment.clock.now() } : transaction;
      const addedPartitions = partitions.filter((one) => !before.partitions.some((other) => isSame(one, other)));
      const addedGroups = groups.filter((group) => !before.groups.includes(group));
      const state = nextState(transaction.state, 'joined');
      if (!begins && addedPartitions.length === 0 && addedGroups.length === 0) return;
      const joined: Transaction = {
        ...before,
        state,
        partitions: [...before.partitions, ...addedPartitions],
        groups: [...before.groups, ...addedGroups],
      };
      await this.#store(joined);
      if (begins) this.#armTimeout(joined);
    });
  }

  /** Offsets that are committed if and when the transaction is. */
  addOffsets(id: string, producer: ProducerIdentity, offsets: readonly PendingOffset[]): Promise<void> {
    return this.#inTurn(id, async () => {
      const transaction = this.#owned(id, producer);
      if (transaction.state !== 'Ongoing')
        throw new KafkaError(ErrorCode.invalidTxnState, 'there is no open transaction');
      const kept = transaction.offsets.filter(
        (one) => !offsets.some((other) => other.group === one.group && isSame(one, other)),
      );
      await this.#store({ ...transaction, offsets: [...kept, ...offsets] });
    });
  }

  /** Commits or aborts; resolves when every partition has its marker. A repeated end is answered, not repeated. */
  end(id: string, producer: ProducerIdentity, verdict: ControlMarker): Promise<void> {
    return this.#inTurn(id, async () => {
      await this.#end(this.#owned(id, producer), verdict);
    });
  }

  /**
   * Throws unless the batch belongs to the open transaction of `id`, and the partition has joined it. To be asked when it
   * is the batch's turn to be written, so that none slips in behind the transaction's end.
   */
  checkWrite(id: string | null, batch: RecordBatch, at: TopicPartition): void {
    const transaction = this.#owned(
      id ?? '',
      { producerId: batch.producerId, epoch: batch.producerEpoch },
      ErrorCode.invalidProducerEpoch,
    );
    const isMember = transaction.partitions.some((one) => isSame(one, at));
    if (transaction.state !== 'Ongoing' || !isMember) {
      throw new KafkaError(ErrorCode.invalidTxnState, `${at.topic}-${at.partition} is not part of an open transaction`);
    }
  }

  /** Whether an open transaction is going to change this offset of the group. */
  isPending(group: string, at: TopicPartition): boolean {
    for (const { state, offsets } of this.#known.transactions.values()) {
      const isOpen = state === 'Ongoing' || isEnding({ state });
      if (isOpen && offsets.some((one) => one.group === group && isSame(one, at))) return true;
    }
    return false;
  }

  /** Forgets the transactional ids that nobody has used since `unusedSinceMs`; their next producer gets a new identity. */
  async expire(unusedSinceMs: number): Promise<void> {
    for (const { id } of [...this.#known.transactions.values()]) {
      await this.#inTurn(id, async () => {
        const transaction = this.#known.transactions.get(id);
        if (transaction === undefined || transaction.state === 'Ongoing' || isEnding(transaction)) return;
        if (transaction.touchedMs < unusedSinceMs) await this.#journal.append({ forgotten: id });
      });
      if (!this.#known.transactions.has(id)) this.#turns.delete(id);
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    for (const cancel of this.#timeouts.values()) cancel();
    await Promise.all([...this.#turns.values()].map((turn) => turn.run(async () => {})));
    await this.#journal.close();
  }

  /** Throws INVALID_PRODUCER_ID_MAPPING for a stranger and `fenced` for a producer that another one has replaced. */
  #owned(
    id: string,
    { producerId, epoch }: ProducerIdentity,
    fenced: ErrorCode = ErrorCode.producerFenced,
  ): Transaction {
    const transaction = this.#known.transactions.get(id);
    if (transaction === undefined || transaction.producerId !== producerId) {
      throw new KafkaError(ErrorCode.invalidProducerIdMapping, 'the producer id is not that of the transactional id');
    }
    if (transaction.epoch !== epoch) throw new KafkaError(fenced, 'another producer has taken the transactional id');
    return transaction;
  }

  async #end(transaction: Transaction, verdict: ControlMarker): Promise<Transaction> {
    const state = nextState(transaction.state, verdict satisfies TransactionEvent);
    if (state === 'CompleteCommit' || state === 'CompleteAbort') return transaction;
    const decided = await this.#store({ ...transaction, state });
    this.#timeouts.get(transaction.id)?.();
    try {
      return await this.#settle(decided);
    } catch (error) {
      this.#settleLater(decided.id);
      // The client may ask again, and finds it ended.
      throw new KafkaError(ErrorCode.coordinatorNotAvailable, `it could not be ended yet: ${reasonOf(error)}`);
    }
  }

  async #settle(transaction: Transaction): Promise<Transaction> {
    await carryOut(transaction, this.#environment);
    return this.#store({ ...transaction, ...fresh, state: nextState(transaction.state, 'settled') });
  }

  /** What a full disk keeps from being carried out must not keep the broker from opening. */
  async #settleOrLater(transaction: Transaction): Promise<void> {
    try {
      await this.#settle(transaction);
    } catch (error) {
      this.#environment.log('error', `transaction ${transaction.id} could not be ended: ${reasonOf(error)}`);
      this.#settleLater(transaction.id);
    }
  }

  /** Readers wait behind a transaction that is decided and not settled: it is tried until it is. */
  #settleLater(id: string): void {
    if (this.#isClosing) return; // The next opening does it.
    const { clock, log } = this.#environment;
    const cancel = clock.after(settleAgainMs, () => {
      this.#inTurn(id, async () => {
        const transaction = this.#known.transactions.get(id);
        if (transaction !== undefined && isEnding(transaction)) await this.#settleOrLater(transaction);
      }).catch((error: unknown) => log('error', `transaction ${id} could not be ended: ${reasonOf(error)}`));
    });
    this.#timeouts.set(id, cancel);
  }

  /** Ends what a producer left open, under a higher epoch, so that it can write no more. */
  async #abortOpen(transaction: Transaction): Promise<Transaction> {
    if (transaction.state === 'Ongoing') return this.#end({ ...transaction, epoch: transaction.epoch + 1 }, 'abort');
    return isEnding(transaction) ? this.#settle(transaction) : transaction;
  }

  #armTimeout({ id, startedMs, timeoutMs }: Transaction): void {
    const { clock, log } = this.#environment;
    const leftMs = Math.max(0, startedMs + timeoutMs - clock.now());
    const cancel = clock.after(leftMs, () => {
      this.#inTurn(id, async () => {
        const transaction = this.#known.transactions.get(id);
        if (transaction?.state !== 'Ongoing' || transaction.startedMs !== startedMs) return;
        log('info', `transaction ${id} was open for ${timeoutMs} ms and is aborted`);
        await this.#abortOpen(transaction);
      }).catch((error: unknown) => log('error', `transaction ${id} could not be aborted: ${reasonOf(error)}`));
    });
    this.#timeouts.set(id, cancel);
  }

  async #store(change: Omit<Transaction, 'touchedMs'>): Promise<Transaction> {
    const transaction = { ...change, touchedMs: this.#environment.clock.now() };
    await this.#journal.append({ transaction: toEntry(transaction) });
    return transaction;
  }

  #inTurn<T>(id: string, task: () => Promise<T>): Promise<T> {
    const turn = this.#turns.get(id) ?? new Serial();
    this.#turns.set(id, turn);
    return turn.run(task);
  }
}

/** Decided, and not yet carried out everywhere. */
function isEnding({ state }: Pick<Transaction, 'state'>): boolean {
  return state === 'PrepareCommit' || state === 'PrepareAbort';
}

/** A transactional id that has no transaction. */
const fresh = { startedMs: 0, partitions: [], groups: [], offsets: [] } as const;

function isSame(a: TopicPartition, b: TopicPartition): boolean {
  return a.topic === b.topic && a.partition === b.partition;
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
