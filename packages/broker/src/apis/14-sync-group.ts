/**
 * SyncGroup (14), 0–5: the leader hands in the assignment, and every member gets its own. Flexible from 4.
 * 1: throttle time. 3: group instance id. 5: protocol type and name.
 */
import { ErrorCode } from '../wire/error-code.ts';
import { array, bytes, int16, int32, nullableString, since, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const syncGroup = defineApi({
  key: 14,
  name: 'SyncGroup',
  first: 0,
  last: 5,
  flexibleFrom: 4,
  request: struct({
    groupId: string,
    generationId: int32,
    memberId: string,
    instanceId: since(3, nullableString),
    protocolType: since(5, nullableString),
    protocolName: since(5, nullableString),
    assignments: array(struct({ memberId: string, assignment: bytes })),
  }),
  response: struct({
    throttleTimeMs: since(1, int32),
    errorCode: int16,
    protocolType: since(5, nullableString),
    protocolName: since(5, nullableString),
    assignment: bytes,
  }),
  async handle({ groupId, assignments, ...request }, { broker }) {
    const group = broker.groups.get(groupId);
    const answer = await group?.sync({
      ...request,
      assignments: new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment])),
    });
    return {
      throttleTimeMs: 0,
      errorCode: answer?.error ?? ErrorCode.unknownMemberId,
      protocolType: answer?.protocolType ?? null,
      protocolName: answer?.protocolName ?? null,
      assignment: answer?.assignment ?? bytes.empty,
    };
  },
});
