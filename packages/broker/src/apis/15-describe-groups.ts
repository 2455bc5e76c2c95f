/**
 * DescribeGroups (15), 0–6: state and members of groups; an unknown group is Dead. Flexible from 5.
 * 1: throttle time. 3: authorized operations. 4: group instance id. 6: an unknown group is an error as well, with a message.
 */
import type { Group } from '../groups/group.ts';
import { ErrorCode } from '../wire/error-code.ts';
import { array, boolean, bytes, int16, int32, nullableString, since, string, struct } from '../wire/schema.ts';
import { unknownOperations } from './03-metadata.ts';
import { defineApi } from './api.ts';

export const describeGroups = defineApi({
  key: 15,
  name: 'DescribeGroups',
  first: 0,
  last: 6,
  flexibleFrom: 5,
  request: struct({ groups: array(string), includeAuthorizedOperations: since(3, boolean) }),
  response: struct({
    throttleTimeMs: since(1, int32),
    groups: array(
      struct({
        errorCode: int16,
        errorMessage: since(6, nullableString),
        groupId: string,
        state: string,
        protocolType: string,
        protocol: string,
        members: array(
          struct({
            memberId: string,
            instanceId: since(4, nullableString),
            clientId: string,
            clientHost: string,
            metadata: bytes,
            assignment: bytes,
          }),
        ),
        authorizedOperations: since(3, int32),
      }),
    ),
  }),
  handle: ({ groups }, { broker, version }) => ({
    throttleTimeMs: 0,
    groups: groups.map((groupId) => {
      const group = broker.groups.get(groupId);
      const isMissing = version >= 6 && group === undefined;
      return {
        errorCode: isMissing ? ErrorCode.groupIdNotFound : ErrorCode.none,
        errorMessage: isMissing ? `Group ${groupId} not found.` : null,
        groupId,
        authorizedOperations: unknownOperations,
        ...describe(group),
      };
    }),
  }),
});

function describe(group: Group | undefined) {
  if (group === undefined) return { state: 'Dead', protocolType: '', protocol: '', members: [] };
  // Only a stable group has made its choice of protocol known to all of its members.
  const isStable = group.state === 'Stable';
  const protocol = isStable ? (group.protocolName ?? '') : '';
  return {
    state: group.state,
    protocolType: group.protocolType ?? '',
    protocol,
    members: group.members.map(({ id, instanceId, clientId, clientHost, protocols, assignment }) => ({
      memberId: id,
      instanceId,
      clientId,
      clientHost: `/${clientHost}`,
      metadata: protocols.find(({ name }) => name === protocol)?.metadata ?? bytes.empty,
      assignment: isStable ? assignment : bytes.empty,
    })),
  };
}
