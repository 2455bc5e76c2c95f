/**
 * LeaveGroup (13), 0–5: one member leaves; since 3 several, static ones also by their instance alone. Flexible from 4.
 * 1: throttle time. 5: reason.
 */
import { ErrorCode } from '../wire/error-code.ts';
import { array, int16, int32, nullableString, since, string, struct, until } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const leaveGroup = defineApi({
  key: 13,
  name: 'LeaveGroup',
  first: 0,
  last: 5,
  flexibleFrom: 4,
  request: struct({
    groupId: string,
    memberId: until(2, string),
    members: since(
      3,
      array(struct({ memberId: string, instanceId: nullableString, reason: since(5, nullableString) })),
    ),
  }),
  response: struct({
    throttleTimeMs: since(1, int32),
    errorCode: int16,
    members: since(3, array(struct({ memberId: string, instanceId: nullableString, errorCode: int16 }))),
  }),
  handle({ groupId, memberId, members }, { broker, version }) {
    const leave = (id: string, instanceId: string | null) =>
      broker.groups.get(groupId)?.leave(id, instanceId) ?? ErrorCode.unknownMemberId;
    if (version < 3) return { throttleTimeMs: 0, errorCode: leave(memberId, null), members: [] };
    const left = members.map((one) => ({ ...one, errorCode: leave(one.memberId, one.instanceId) }));
    return { throttleTimeMs: 0, errorCode: ErrorCode.none, members: left };
  },
});
