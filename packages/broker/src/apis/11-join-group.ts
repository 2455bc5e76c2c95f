/**
 * JoinGroup (11), 0–9: enters a group, and waits until its next generation begins. Flexible from 6.
 *
 * 1: rebalance timeout (before, the session timeout serves). 2: throttle time. 4: a dynamic member without an id is told
 * one with MEMBER_ID_REQUIRED. 5: group instance id. 7: protocol type and nullable protocol name. 8: reason. 9: skip assignment.
 */
import { joinRefused } from '../groups/group-requests.ts';
import { KafkaError } from '../wire/error-code.ts';
import { array, boolean, bytes, int16, int32, nullableString, since, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const joinGroup = defineApi({
  key: 11,
  name: 'JoinGroup',
  first: 0,
  last: 9,
  flexibleFrom: 6,
  request: struct({
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: since(1, int32, -1),
    memberId: string,
    instanceId: since(5, nullableString),
    protocolType: string,
    protocols: array(struct({ name: string, metadata: bytes })),
    reason: since(8, nullableString),
  }),
  response: struct({
    throttleTimeMs: since(2, int32),
    errorCode: int16,
    generationId: int32,
    protocolType: since(7, nullableString),
    protocolName: nullableString,
    leaderId: string,
    skipAssignment: since(9, boolean),
    memberId: string,
    members: array(struct({ memberId: string, instanceId: since(5, nullableString), metadata: bytes })),
  }),
  async handle(request, { broker, version, clientId, clientHost }) {
    const { groupId, sessionTimeoutMs, rebalanceTimeoutMs, memberId, instanceId, protocolType } = request;
    const answer = await broker.groups
      .join(groupId, {
        memberId,
        instanceId,
        clientId,
        clientHost,
        sessionTimeoutMs,
        rebalanceTimeoutMs: rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
        protocolType,
        // Copied: a member outlives the frame that it came in.
        protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
        requiresMemberId: version >= 4,
        canSkipAssignment: version >= 9,
      })
      .catch((error: unknown) => {
        if (error instanceof KafkaError) return joinRefused(error.code, memberId);
        throw error;
      });
    // Before version 7 the name of the protocol can't be null.
    const protocolName = answer.protocolName ?? (version < 7 ? '' : null);
    return { throttleTimeMs: 0, errorCode: answer.error, ...answer, protocolName };
  },
});
