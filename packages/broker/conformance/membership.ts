/** Short forms of what the members of a group send. */
import { offsetCommit } from '../src/apis/08-offset-commit.ts';
import { joinGroup } from '../src/apis/11-join-group.ts';
import { heartbeat } from '../src/apis/12-heartbeat.ts';
import { syncGroup } from '../src/apis/14-sync-group.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import type { RawClient } from './raw-client.ts';

export interface JoinOptions {
  readonly memberId?: string;
  readonly instanceId?: string | null;
  readonly version?: number;
  readonly protocol?: string;
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
}

export function join(client: RawClient, groupId: string, options: JoinOptions = {}) {
  const { memberId = '', instanceId = null, version = 5, protocol = 'range' } = options;
  const { sessionTimeoutMs = 10_000, rebalanceTimeoutMs = 10_000 } = options;
  return client.call(joinGroup, version, {
    groupId,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    memberId,
    instanceId,
    protocolType: 'consumer',
    protocols: [{ name: protocol, metadata: Buffer.from('00000000000000000000', 'hex') }],
    reason: null,
  });
}

/** Joins as the only member and takes an assignment: a stable group. */
export async function joined(client: RawClient, groupId: string, options: JoinOptions = {}) {
  const first = await join(client, groupId, options);
  const { errorCode, memberId } = first;
  const answer =
    errorCode === ErrorCode.memberIdRequired ? await join(client, groupId, { ...options, memberId }) : first;
  await sync(client, groupId, answer.memberId, answer.generationId, 'mine', options.instanceId);
  return answer;
}

export function sync(
  client: RawClient,
  groupId: string,
  memberId: string,
  generationId: number,
  assignment: string,
  instanceId: string | null = null,
) {
  const assignments = [{ memberId, assignment: Buffer.from(assignment) }];
  return client.call(syncGroup, 3, {
    ...syncGroup.request.empty,
    groupId,
    generationId,
    memberId,
    instanceId,
    assignments,
  });
}

export async function commit(
  client: RawClient,
  groupId: string,
  topic: string,
  as: { memberId?: string; generationId?: number } = {},
  offset = 1n,
) {
  const partitions = [{ index: 0, offset, leaderEpoch: -1, metadata: 'note' }];
  const { topics } = await client.call(offsetCommit, 7, {
    ...offsetCommit.request.empty,
    groupId,
    generationId: as.generationId ?? -1,
    memberId: as.memberId ?? '',
    topics: [{ name: topic, partitions }],
  });
  return topics[0]?.partitions[0]?.errorCode;
}

export async function beat(
  client: RawClient,
  groupId: string,
  memberId: string,
  generationId: number,
  instanceId: string | null = null,
) {
  return (await client.call(heartbeat, 3, { groupId, generationId, memberId, instanceId })).errorCode;
}
