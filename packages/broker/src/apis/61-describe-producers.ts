/** DescribeProducers (61), 0: the idempotent and transactional producers that a partition remembers. Always flexible. */
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, int16, int32, int64, nullableString, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const describeProducers = defineApi({
  key: 61,
  name: 'DescribeProducers',
  first: 0,
  last: 0,
  flexibleFrom: 0,
  request: struct({ topics: array(struct({ name: string, partitions: array(int32) })) }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            index: int32,
            errorCode: int16,
            errorMessage: nullableString,
            producers: array(
              struct({
                producerId: int64,
                epoch: int32,
                lastSequence: int32,
                lastTimestampMs: int64,
                coordinatorEpoch: int32,
                transactionStartOffset: int64,
              }),
            ),
          }),
        ),
      }),
    ),
  }),
  handle: ({ topics }, { broker }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((index) => {
        try {
          const { producers } = broker.topics.partition(name, index).producers.snapshot();
          const described = producers.map(({ id, epoch, batches, lastTimestampMs, openFrom }) => ({
            producerId: BigInt(id),
            epoch,
            lastSequence: batches.at(-1)?.[1] ?? -1,
            lastTimestampMs: BigInt(lastTimestampMs),
            coordinatorEpoch: -1,
            transactionStartOffset: BigInt(openFrom ?? -1),
          }));
          return { index, errorCode: ErrorCode.none, errorMessage: null, producers: described };
        } catch (error) {
          if (!(error instanceof KafkaError)) throw error;
          return { index, errorCode: error.code, errorMessage: error.message, producers: [] };
        }
      }),
    })),
  }),
});
