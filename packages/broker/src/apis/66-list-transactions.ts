/**
 * ListTransactions (66), 0–1: the transactional ids in the states and of the producers asked for; no filter lets all pass. Always flexible.
 * States that do not exist are told. 1: only what has been open for longer than a duration, -1 for any.
 */
import { transitions } from '../transactions/transaction-state.ts';
import { ErrorCode } from '../wire/error-code.ts';
import { array, int16, int32, int64, since, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const listTransactions = defineApi({
  key: 66,
  name: 'ListTransactions',
  first: 0,
  last: 1,
  flexibleFrom: 0,
  request: struct({
    stateFilters: array(string),
    producerIdFilters: array(int64),
    longerThanMs: since(1, int64, -1n),
  }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    unknownStateFilters: array(string),
    transactions: array(struct({ transactionalId: string, producerId: int64, state: string })),
  }),
  handle({ stateFilters, producerIdFilters, longerThanMs }, { broker }) {
    const nowMs = broker.clock.now();
    const passes = <T>(filters: readonly T[], value: T) => filters.length === 0 || filters.includes(value);
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.none,
      unknownStateFilters: stateFilters.filter((state) => !(state in transitions)),
      transactions: broker.transactions
        .all()
        .filter(({ state, producerId }) => passes<string>(stateFilters, state) && passes(producerIdFilters, producerId))
        .filter(({ startedMs }) => longerThanMs < 0n || nowMs - startedMs > Number(longerThanMs))
        .map(({ id, producerId, state }) => ({ transactionalId: id, producerId, state })),
    };
  },
});
