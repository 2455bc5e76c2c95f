/**
 * DescribeTransactions (65), 0: transactional ids with their producer and the present or last transaction. Always flexible. An id that
 * nobody has is TRANSACTIONAL_ID_NOT_FOUND. A transaction that has ended began at -1.
 */
import { ErrorCode } from '../wire/error-code.ts';
import { array, int16, int32, int64, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

const transactionResponse = struct({
  errorCode: int16,
  transactionalId: string,
  state: string,
  timeoutMs: int32,
  startedMs: int64,
  producerId: int64,
  epoch: int16,
  topics: array(struct({ name: string, partitions: array(int32) })),
});

export const describeTransactions = defineApi({
  key: 65,
  name: 'DescribeTransactions',
  first: 0,
  last: 0,
  flexibleFrom: 0,
  request: struct({ transactionalIds: array(string) }),
  response: struct({ throttleTimeMs: int32, transactions: array(transactionResponse) }),
  handle: ({ transactionalIds }, { broker }) => ({
    throttleTimeMs: 0,
    transactions: transactionalIds.map((transactionalId) => {
      const known = broker.transactions.get(transactionalId);
      if (known === undefined) {
        return { ...transactionResponse.empty, errorCode: ErrorCode.transactionalIdNotFound, transactionalId };
      }
      const { state, timeoutMs, startedMs, producerId, epoch, partitions } = known;
      const names = [...new Set(partitions.map(({ topic }) => topic))];
      const topics = names.map((name) => ({
        name,
        partitions: partitions.filter(({ topic }) => topic === name).map(({ partition }) => partition),
      }));
      const began = BigInt(startedMs === 0 ? -1 : startedMs);
      return {
        errorCode: ErrorCode.none,
        transactionalId,
        state,
        timeoutMs,
        startedMs: began,
        producerId,
        epoch,
        topics,
      };
    }),
  }),
});
