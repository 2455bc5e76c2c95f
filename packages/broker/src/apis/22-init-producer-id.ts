/**
 * InitProducerId (22), 0–4: an identity for an idempotent producer, or, with a transactional id, the next epoch of its
 * identity, which fences the producer before it and aborts what that left open. Flexible from 2.
 * 3: the identity the producer has, to be renewed. 4: PRODUCER_FENCED in place of INVALID_PRODUCER_EPOCH.
 */
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { int16, int32, int64, nullableString, since, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const initProducerId = defineApi({
  key: 22,
  name: 'InitProducerId',
  first: 0,
  last: 4,
  flexibleFrom: 2,
  request: struct({
    transactionalId: nullableString,
    transactionTimeoutMs: int32,
    producerId: since(3, int64, -1n),
    producerEpoch: since(3, int16, -1),
  }),
  response: struct({ throttleTimeMs: int32, errorCode: int16, producerId: int64, producerEpoch: int16 }),
  async handle({ transactionalId, transactionTimeoutMs, producerId, producerEpoch }, { broker, version }) {
    try {
      if (transactionalId === '') throw new KafkaError(ErrorCode.invalidRequest, 'the transactional id is empty');
      const claimed = producerId < 0n ? null : { producerId, epoch: producerEpoch };
      const identity =
        transactionalId === null
          ? await broker.transactions.newProducer()
          : await broker.transactions.initialize(transactionalId, transactionTimeoutMs, claimed);
      return {
        throttleTimeMs: 0,
        errorCode: ErrorCode.none,
        producerId: identity.producerId,
        producerEpoch: identity.epoch,
      };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { throttleTimeMs: 0, errorCode: fencingCode(error, version >= 4), producerId: -1n, producerEpoch: -1 };
    }
  },
});

/** Before PRODUCER_FENCED (KIP-588), versions answered INVALID_PRODUCER_EPOCH. */
export function fencingCode({ code }: KafkaError, knowsFenced: boolean): ErrorCode {
  return code === ErrorCode.producerFenced && !knowsFenced ? ErrorCode.invalidProducerEpoch : code;
}
