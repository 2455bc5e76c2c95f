/**
 * CreateTopics (19), 2–7: creates topics, or only says whether it could (`validateOnly`). Flexible from 5.
 *
 * -1 partitions or replicas means the default (since 4). The replication factor can only be 1: there is one node. 5: the
 * answer tells partitions and settings. 7: topic ids.
 */
import type { Broker } from '../broker.ts';
import { checkConfig, describeConfigs } from '../topics/topic-config.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import {
  array,
  boolean,
  int8,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  uuid,
  type ValueOf,
} from '../wire/schema.ts';
import { topicConfigSource } from './32-describe-configs.ts';
import { defineApi } from './api.ts';

const topicRequest = struct({
  name: string,
  partitionCount: int32,
  replicationFactor: int16,
  assignments: array(struct({ index: int32, brokerIds: array(int32) })),
  configs: array(struct({ name: string, value: nullableString })),
});

export const createTopics = defineApi({
  key: 19,
  name: 'CreateTopics',
  first: 2,
  last: 7,
  flexibleFrom: 5,
  request: struct({ topics: array(topicRequest), timeoutMs: int32, validateOnly: boolean }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: string,
        id: since(7, uuid),
        errorCode: int16,
        errorMessage: nullableString,
        partitionCount: since(5, int32),
        replicationFactor: since(5, int16),
        configs: since(
          5,
          nullableArray(
            struct({ name: string, value: nullableString, readOnly: boolean, source: int8, isSensitive: boolean }),
          ),
        ),
      }),
    ),
  }),
  async handle({ topics, validateOnly }, { broker }) {
    const names = topics.map(({ name }) => name);
    const answers = [];
    for (const topic of topics) {
      try {
        if (names.indexOf(topic.name) !== names.lastIndexOf(topic.name)) {
          throw new KafkaError(ErrorCode.invalidRequest, `Duplicate topic name: ${topic.name}`);
        }
        answers.push(await create(topic, validateOnly, broker));
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        answers.push({
          name: topic.name,
          id: uuid.empty,
          errorCode: error.code,
          errorMessage: error.message,
          partitionCount: -1,
          replicationFactor: -1,
          configs: [],
        });
      }
    }
    return { throttleTimeMs: 0, topics: answers };
  },
});

async function create(topic: ValueOf<typeof topicRequest>, validateOnly: boolean, broker: Broker) {
  const partitionCount = partitionCountOf(topic, broker);
  const configs = new Map<string, string>();
  for (const { name, value } of topic.configs) {
    checkConfig(name, value);
    configs.set(name, value);
  }
  broker.topics.checkCreate(topic.name);
  const created = validateOnly ? null : await broker.topics.create(topic.name, partitionCount, configs);
  return {
    name: topic.name,
    id: created?.id ?? uuid.empty,
    errorCode: ErrorCode.none,
    errorMessage: null,
    partitionCount,
    replicationFactor: 1,
    configs: describeConfigs(configs).map(({ name, value, isDefault }) => ({
      name,
      value,
      readOnly: false,
      source: topicConfigSource(isDefault),
      isSensitive: false,
    })),
  };
}

/** Throws what Kafka answers for counts and assignments that one node can't have. */
function partitionCountOf(topic: ValueOf<typeof topicRequest>, { config, nodeId }: Broker): number {
  const { partitionCount, replicationFactor, assignments } = topic;
  if (assignments.length > 0) {
    if (partitionCount !== -1 || replicationFactor !== -1) {
      throw new KafkaError(ErrorCode.invalidRequest, 'Counts and a manual assignment are both set.');
    }
    const isConsecutive = assignments.every((_, i) => assignments.some(({ index }) => index === i));
    const isHere = assignments.every(({ brokerIds }) => brokerIds.length === 1 && brokerIds[0] === nodeId);
    if (!isConsecutive || !isHere) {
      throw new KafkaError(
        ErrorCode.invalidReplicaAssignment,
        `Each partition from 0 on has one replica, on node ${nodeId}.`,
      );
    }
    return assignments.length;
  }
  if (replicationFactor !== -1 && replicationFactor !== 1) {
    const message =
      replicationFactor < 1
        ? 'Replication factor must be larger than 0.'
        : `Unable to replicate the partition ${replicationFactor} time(s): The target replication factor of ${replicationFactor} cannot be reached because only 1 broker(s) are registered.`;
    throw new KafkaError(ErrorCode.invalidReplicationFactor, message);
  }
  const count = partitionCount === -1 ? config.defaultPartitions : partitionCount;
  if (count < 1) throw new KafkaError(ErrorCode.invalidPartitions, 'Number of partitions must be larger than 0.');
  if (count > config.maxPartitionsPerTopic) {
    throw new KafkaError(
      ErrorCode.invalidPartitions,
      `A topic here has at most ${config.maxPartitionsPerTopic} partitions.`,
    );
  }
  return count;
}
