/**
 * Metadata (3), 0–12: brokers, and topics with their partitions. Flexible from 9.
 *
 * An empty list of topics means all in version 0 and none later, where null means all. 1: controller, rack, internal.
 * 2: cluster id. 4: allow auto creation. 5: offline replicas. 7: leader epoch. 8: authorized operations, which we do not
 * know (the minimum of int32 says so). 10: topic ids. 12: topics asked for by id.
 */
import { leaderEpoch } from '../log/partition-log.ts';
import type { Topic } from '../topics/topic.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import {
  array,
  boolean,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  until,
  uuid,
} from '../wire/schema.ts';
import { defineApi, type RequestContext } from './api.ts';

export const unknownOperations = -(2 ** 31);
const noId = uuid.empty;

export const metadata = defineApi({
  key: 3,
  name: 'Metadata',
  first: 0,
  last: 12,
  flexibleFrom: 9,
  request: struct({
    topics: nullableArray(struct({ id: since(10, uuid), name: nullableString })),
    allowAutoTopicCreation: since(4, boolean, true),
    includeClusterAuthorizedOperations: since(8, until(10, boolean)),
    includeTopicAuthorizedOperations: since(8, boolean),
  }),
  response: struct({
    throttleTimeMs: since(3, int32),
    brokers: array(struct({ nodeId: int32, host: string, port: int32, rack: since(1, nullableString) })),
    clusterId: since(2, nullableString),
    controllerId: since(1, int32),
    topics: array(
      struct({
        errorCode: int16,
        name: nullableString,
        id: since(10, uuid),
        isInternal: since(1, boolean),
        partitions: array(
          struct({
            errorCode: int16,
            index: int32,
            leaderId: int32,
            leaderEpoch: since(7, int32),
            replicas: array(int32),
            inSyncReplicas: array(int32),
            offlineReplicas: since(5, array(int32)),
          }),
        ),
        authorizedOperations: since(8, int32),
      }),
    ),
    clusterAuthorizedOperations: since(8, until(10, int32)),
  }),
  async handle(request, context) {
    const { broker, version } = context;
    const { topics: wanted, allowAutoTopicCreation } = request;
    const all = wanted === null || (version === 0 && wanted.length === 0);
    const topics = all
      ? broker.topics.all().map((topic) => describe(topic, broker.nodeId))
      : await Promise.all(wanted.map((one) => lookUp(one, allowAutoTopicCreation, context)));
    return {
      throttleTimeMs: 0,
      brokers: [{ nodeId: broker.nodeId, host: broker.advertised.host, port: broker.advertised.port, rack: null }],
      clusterId: broker.clusterId,
      controllerId: broker.nodeId,
      topics,
      clusterAuthorizedOperations: unknownOperations,
    };
  },
});

async function lookUp(wanted: { id: string; name: string | null }, mayCreate: boolean, { broker }: RequestContext) {
  if (wanted.name === null) {
    const topic = broker.topics.getById(wanted.id);
    return topic === undefined ? absent(null, wanted.id, ErrorCode.unknownTopicId) : describe(topic, broker.nodeId);
  }
  const { name } = wanted;
  const topic = broker.topics.get(name);
  if (topic !== undefined) return describe(topic, broker.nodeId);
  try {
    broker.topics.checkCreate(name);
    if (!mayCreate || !broker.config.autoCreateTopics) return absent(name, noId, ErrorCode.unknownTopicOrPartition);
    return describe(await broker.topics.create(name, broker.config.defaultPartitions, new Map()), broker.nodeId);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    // Another request may have created it meanwhile.
    const created = broker.topics.get(name);
    return created === undefined ? absent(name, noId, error.code) : describe(created, broker.nodeId);
  }
}

function absent(name: string | null, id: string, errorCode: ErrorCode) {
  return { errorCode, name, id, isInternal: false, partitions: [], authorizedOperations: unknownOperations };
}

function describe(topic: Topic, nodeId: number) {
  return {
    errorCode: ErrorCode.none,
    name: topic.name,
    id: topic.id,
    isInternal: false,
    partitions: topic.partitions.map((_, index) => describePartition(index, nodeId)),
    authorizedOperations: unknownOperations,
  };
}

/** A partition whose one replica leads it. */
export function describePartition(index: number, nodeId: number) {
  return {
    errorCode: ErrorCode.none,
    index,
    leaderId: nodeId,
    leaderEpoch,
    replicas: [nodeId],
    inSyncReplicas: [nodeId],
    offlineReplicas: [],
  };
}
