/**
 * AddPartitionsToTxn (24), 0–3: partitions that the producer is about to write to in its transaction. Flexible from 3.
 * One unknown partition refuses all: the others are answered OPERATION_NOT_ATTEMPTED. 2: PRODUCER_FENCED.
 */
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, int16, int32, int64, string, struct } from '../wire/schema.ts';
import { fencingCode } from './22-init-producer-id.ts';
import { defineApi } from './api.ts';

export const addPartitionsToTxn = defineApi({
  key: 24,
  name: 'AddPartitionsToTxn',
  first: 0,
  last: 3,
  flexibleFrom: 3,
  request: struct({
    transactionalId: string,
    producerId: int64,
    producerEpoch: int16,
    topics: array(struct({ name: string, partitions: array(int32) })),
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(struct({ name: string, partitions: array(struct({ index: int32, errorCode: int16 })) })),
  }),
  async handle({ transactionalId, producerId, producerEpoch, topics }, { broker, version }) {
    const answer = (errorOf: (topic: string, index: number) => ErrorCode) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map((index) => ({ index, errorCode: errorOf(name, index) })),
      })),
    });
    const exists = (topic: string, index: number) => broker.topics.get(topic)?.partitions[index] !== undefined;
    const wanted = topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => ({ topic: name, partition })),
    );
    if (!wanted.every(({ topic, partition }) => exists(topic, partition))) {
      return answer((topic, index) =>
        exists(topic, index) ? ErrorCode.operationNotAttempted : ErrorCode.unknownTopicOrPartition,
      );
    }
    try {
      await broker.transactions.join(transactionalId, { producerId, epoch: producerEpoch }, wanted, []);
      return answer(() => ErrorCode.none);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      const code = fencingCode(error, version >= 2);
      return answer(() => code);
    }
  },
});
