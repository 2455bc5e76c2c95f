/**
 * AddOffsetsToTxn (25), 0–3: a group whose offsets the producer is about to commit in its transaction. Flexible from 3.
 * 2: PRODUCER_FENCED.
 */
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { int16, int32, int64, string, struct } from '../wire/schema.ts';
import { fencingCode } from './22-init-producer-id.ts';
import { defineApi } from './api.ts';

export const addOffsetsToTxn = defineApi({
  key: 25,
  name: 'AddOffsetsToTxn',
  first: 0,
  last: 3,
  flexibleFrom: 3,
  request: struct({ transactionalId: string, producerId: int64, producerEpoch: int16, groupId: string }),
  response: struct({ throttleTimeMs: int32, errorCode: int16 }),
  async handle({ transactionalId, producerId, producerEpoch, groupId }, { broker, version }) {
    try {
      await broker.transactions.join(transactionalId, { producerId, epoch: producerEpoch }, [], [groupId]);
      return { throttleTimeMs: 0, errorCode: ErrorCode.none };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { throttleTimeMs: 0, errorCode: fencingCode(error, version >= 2) };
    }
  },
});
