/**
 * Heartbeat (12), 0–4: a member's sign of life; REBALANCE_IN_PROGRESS tells it to join again. Flexible from 4.
 * 1: throttle time. 3: group instance id.
 */
import { ErrorCode } from '../wire/error-code.ts';
import { int16, int32, nullableString, since, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const heartbeat = defineApi({
  key: 12,
  name: 'Heartbeat',
  first: 0,
  last: 4,
  flexibleFrom: 4,
  request: struct({ groupId: string, generationId: int32, memberId: string, instanceId: since(3, nullableString) }),
  response: struct({ throttleTimeMs: since(1, int32), errorCode: int16 }),
  handle({ groupId, generationId, memberId, instanceId }, { broker }) {
    const errorCode =
      broker.groups.get(groupId)?.heartbeat(memberId, instanceId, generationId) ?? ErrorCode.unknownMemberId;
    return { throttleTimeMs: 0, errorCode };
  },
});
