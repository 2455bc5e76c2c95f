/**
 * TxnOffsetCommit (28), 0–3: offsets of a group that are committed if and when the transaction is. Flexible from 3.
 * 2: leader epoch. 3: member and generation, which fence as in OffsetCommit.
 */
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, int16, int32, int64, nullableString, since, string, struct } from '../wire/schema.ts';
import { maxMetadataBytes } from './08-offset-commit.ts';
import { defineApi } from './api.ts';

export const txnOffsetCommit = defineApi({
  key: 28,
  name: 'TxnOffsetCommit',
  first: 0,
  last: 3,
  flexibleFrom: 3,
  request: struct({
    transactionalId: string,
    groupId: string,
    producerId: int64,
    producerEpoch: int16,
    generationId: since(3, int32, -1),
    memberId: since(3, string),
    instanceId: since(3, nullableString),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({ index: int32, offset: int64, leaderEpoch: since(2, int32, -1), metadata: nullableString }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(struct({ name: string, partitions: array(struct({ index: int32, errorCode: int16 })) })),
  }),
  async handle(request, { broker }) {
    const { transactionalId, groupId, producerId, producerEpoch, generationId, memberId, instanceId, topics } = request;
    const judge = (name: string, index: number, metadata: string | null): ErrorCode => {
      if (broker.topics.get(name)?.partitions[index] === undefined) return ErrorCode.unknownTopicOrPartition;
      return Buffer.byteLength(metadata ?? '') > maxMetadataBytes ? ErrorCode.offsetMetadataTooLarge : ErrorCode.none;
    };
    const judged = topics.flatMap(({ name, partitions }) =>
      partitions.map((one) => ({ ...one, name, errorCode: judge(name, one.index, one.metadata) })),
    );
    let refusal: ErrorCode = ErrorCode.none;
    try {
      const isFenced = generationId >= 0 || memberId !== '' || instanceId !== null;
      if (isFenced) broker.groups.checkCommit(groupId, memberId, instanceId, generationId);
      const committedMs = broker.clock.now();
      const offsets = judged
        .filter(({ errorCode }) => errorCode === ErrorCode.none)
        .map(({ name: topic, index: partition, offset, leaderEpoch, metadata }) => ({
          group: groupId,
          topic,
          partition,
          offset,
          leaderEpoch,
          metadata: metadata ?? '',
          committedMs,
        }));
      await broker.transactions.addOffsets(transactionalId, { producerId, epoch: producerEpoch }, offsets);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      // This API has no version that knows PRODUCER_FENCED.
      refusal = error.code === ErrorCode.producerFenced ? ErrorCode.invalidProducerEpoch : error.code;
    }
    const errorOf = (topic: string, index: number) =>
      refusal || (judged.find((one) => one.name === topic && one.index === index)?.errorCode ?? ErrorCode.none);
    return {
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ index }) => ({ index, errorCode: errorOf(name, index) })),
      })),
    };
  },
});
