/**
 * EndTxn (26), 0–3: commits or aborts. Answered when every partition has its marker, so that what comes next never meets
 * CONCURRENT_TRANSACTIONS here as it may on a cluster. Flexible from 3. 2: PRODUCER_FENCED.
 */
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { boolean, int16, int32, int64, string, struct } from '../wire/schema.ts';
import { fencingCode } from './22-init-producer-id.ts';
import { defineApi } from './api.ts';

export const endTxn = defineApi({
  key: 26,
  name: 'EndTxn',
  first: 0,
  last: 3,
  flexibleFrom: 3,
  request: struct({ transactionalId: string, producerId: int64, producerEpoch: int16, committed: boolean }),
  response: struct({ throttleTimeMs: int32, errorCode: int16 }),
  async handle({ transactionalId, producerId, producerEpoch, committed }, { broker, version }) {
    try {
      const producer = { producerId, epoch: producerEpoch };
      await broker.transactions.end(transactionalId, producer, committed ? 'commit' : 'abort');
      return { throttleTimeMs: 0, errorCode: ErrorCode.none };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { throttleTimeMs: 0, errorCode: fencingCode(error, version >= 2) };
    }
  },
});
