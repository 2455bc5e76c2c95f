/** CreatePartitions (37), 0–3: adds partitions to topics; their number can only grow. Flexible from 2. */
import type { Broker } from '../broker.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, boolean, int16, int32, nullableArray, nullableString, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const createPartitions = defineApi({
  key: 37,
  name: 'CreatePartitions',
  first: 0,
  last: 3,
  flexibleFrom: 2,
  request: struct({
    topics: array(
      struct({ name: string, count: int32, assignments: nullableArray(struct({ brokerIds: array(int32) })) }),
    ),
    timeoutMs: int32,
    validateOnly: boolean,
  }),
  response: struct({
    throttleTimeMs: int32,
    results: array(struct({ name: string, errorCode: int16, errorMessage: nullableString })),
  }),
  async handle({ topics, validateOnly }, { broker }) {
    const results = [];
    for (const { name, count, assignments } of topics) {
      try {
        check(broker, name, count, assignments?.map(({ brokerIds }) => brokerIds) ?? null);
        if (!validateOnly) await broker.topics.grow(name, count);
        results.push({ name, errorCode: ErrorCode.none, errorMessage: null });
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        results.push({ name, errorCode: error.code, errorMessage: error.message });
      }
    }
    return { throttleTimeMs: 0, results };
  },
});

function check(
  { topics, config, nodeId }: Broker,
  name: string,
  count: number,
  assignments: (readonly number[])[] | null,
): void {
  const topic = topics.get(name);
  if (topic === undefined)
    throw new KafkaError(ErrorCode.unknownTopicOrPartition, `The topic '${name}' does not exist.`);
  const present = topic.partitions.length;
  if (count === present)
    throw new KafkaError(ErrorCode.invalidPartitions, `Topic already has ${present} partition(s).`);
  if (count < present) {
    throw new KafkaError(
      ErrorCode.invalidPartitions,
      `The topic ${name} currently has ${present} partition(s); ${count} would not be an increase.`,
    );
  }
  if (count > config.maxPartitionsPerTopic) {
    throw new KafkaError(
      ErrorCode.invalidPartitions,
      `A topic here has at most ${config.maxPartitionsPerTopic} partitions.`,
    );
  }
  const fits =
    assignments?.length === count - present && assignments.every((ids) => ids.length === 1 && ids[0] === nodeId);
  if (assignments !== null && !fits) {
    throw new KafkaError(
      ErrorCode.invalidReplicaAssignment,
      `Each added partition has one replica, on node ${nodeId}.`,
    );
  }
}
