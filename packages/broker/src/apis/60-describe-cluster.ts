/** DescribeCluster (60), 0–1: the cluster's id and nodes. Always flexible. 1: endpoint type, 1 for brokers. */
import { ErrorCode } from '../wire/error-code.ts';
import { array, boolean, int8, int16, int32, nullableString, since, string, struct } from '../wire/schema.ts';
import { unknownOperations } from './03-metadata.ts';
import { defineApi } from './api.ts';

export const describeCluster = defineApi({
  key: 60,
  name: 'DescribeCluster',
  first: 0,
  last: 1,
  flexibleFrom: 0,
  request: struct({ includeAuthorizedOperations: boolean, endpointType: since(1, int8, 1) }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullableString,
    endpointType: since(1, int8, 1),
    clusterId: string,
    controllerId: int32,
    brokers: array(struct({ nodeId: int32, host: string, port: int32, rack: nullableString })),
    authorizedOperations: int32,
  }),
  handle: (_, { broker }) => ({
    throttleTimeMs: 0,
    errorCode: ErrorCode.none,
    errorMessage: null,
    endpointType: 1,
    clusterId: broker.clusterId,
    controllerId: broker.nodeId,
    brokers: [{ nodeId: broker.nodeId, ...broker.advertised, rack: null }],
    authorizedOperations: unknownOperations,
  }),
});
