/**
 * DeleteRecords (21), 0–2: moves the start of a partition's log. Flexible from 2. Offset -1 means the end; past it is
 * OFFSET_OUT_OF_RANGE. A partition of a topic that is only compacted refuses with POLICY_VIOLATION.
 */
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, int16, int32, int64, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const deleteRecords = defineApi({
  key: 21,
  name: 'DeleteRecords',
  first: 0,
  last: 2,
  flexibleFrom: 2,
  request: struct({
    topics: array(struct({ name: string, partitions: array(struct({ index: int32, offset: int64 })) })),
    timeoutMs: int32,
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({ name: string, partitions: array(struct({ index: int32, lowWatermark: int64, errorCode: int16 })) }),
    ),
  }),
  async handle({ topics }, { broker }) {
    const answers = topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(
        partitions.map(async ({ index, offset }) => {
          try {
            const log = broker.topics.partition(name, index);
            if (!log.config.deleted) throw new KafkaError(ErrorCode.policyViolation, 'the topic is only compacted');
            if (offset < -1n) throw new KafkaError(ErrorCode.offsetOutOfRange, `${offset} is no offset`);
            await log.advanceStart(offset === -1n ? log.endOffset : offset);
            return { index, lowWatermark: log.startOffset, errorCode: ErrorCode.none };
          } catch (error) {
            if (!(error instanceof KafkaError)) throw error;
            return { index, lowWatermark: -1n, errorCode: error.code };
          }
        }),
      ),
    }));
    return { throttleTimeMs: 0, topics: await Promise.all(answers) };
  },
});
