/** The life of a transactional id, as a total table; `null` where the event is refused. */
import { ErrorCode, KafkaError } from '../wire/error-code.ts';

export type TransactionState =
  | 'Empty'
  | 'Ongoing'
  | 'PrepareCommit'
  | 'PrepareAbort'
  | 'CompleteCommit'
  | 'CompleteAbort';

export type TransactionEvent =
  /** A producer takes the id. */
  | 'initialized'
  /** The first partition or group of a transaction, or another one. */
  | 'joined'
  | 'commit'
  | 'abort'
  /** Every partition has its marker, every group its offsets. */
  | 'settled';

type Next = TransactionState | null;

export const transitions: Readonly<Record<TransactionState, Readonly<Record<TransactionEvent, Next>>>> = {
  Empty: { initialized: 'Empty', joined: 'Ongoing', commit: null, abort: null, settled: null },
  Ongoing: { initialized: null, joined: 'Ongoing', commit: 'PrepareCommit', abort: 'PrepareAbort', settled: null },
  PrepareCommit: { initialized: null, joined: null, commit: 'PrepareCommit', abort: null, settled: 'CompleteCommit' },
  PrepareAbort: { initialized: null, joined: null, commit: null, abort: 'PrepareAbort', settled: 'CompleteAbort' },
  CompleteCommit: { initialized: 'Empty', joined: 'Ongoing', commit: 'CompleteCommit', abort: null, settled: null },
  CompleteAbort: { initialized: 'Empty', joined: 'Ongoing', commit: null, abort: 'CompleteAbort', settled: null },
};

/** The state that follows; throws INVALID_TXN_STATE, or CONCURRENT_TRANSACTIONS while a transaction is being ended. */
export function nextState(state: TransactionState, event: TransactionEvent): TransactionState {
  const next = transitions[state][event];
  if (next !== null) return next;
  const isEnding = state === 'PrepareCommit' || state === 'PrepareAbort';
  const code =
    isEnding && event !== 'commit' && event !== 'abort' ? ErrorCode.concurrentTransactions : ErrorCode.invalidTxnState;
  throw new KafkaError(code, `a transaction that is ${state} can't meet ${event}`);
}
