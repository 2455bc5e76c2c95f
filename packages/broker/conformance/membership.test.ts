import { expect } from 'vitest';
import { leaveGroup } from '../src/apis/13-leave-group.ts';
import { syncGroup } from '../src/apis/14-sync-group.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import { beat, commit, join, joined, sync } from './membership.ts';
import type { RawClient } from './raw-client.ts';
import { conforms, readiness, target } from './target.ts';

const t = target();

/** Two members of a stable group, the first of them its leader. */
async function pair(one: RawClient, two: RawClient, groupId: string, sessionTimeoutMs = 10_000) {
  const first = await joined(one, groupId);
  const { memberId } = await join(two, groupId, { sessionTimeoutMs });
  const joiningTwo = join(two, groupId, { memberId, sessionTimeoutMs });
  const { generationId } = await join(one, groupId, { memberId: first.memberId });
  await joiningTwo;
  const following = sync(two, groupId, memberId, generationId, '');
  await sync(one, groupId, first.memberId, generationId, 'mine');
  await following;
  return { leaderId: first.memberId, followerId: memberId, generationId };
}

conforms('a member that is not heard of for its session timeout is put out, and the others rebalance', async () => {
  const [one, two] = [await t.raw(), await t.raw()];
  const groupId = await t.group();
  const { leaderId, followerId, generationId } = await pair(one, two, groupId, 1_000);
  const heard = () => beat(one, groupId, leaderId, generationId);
  await expect.poll(heard, { timeout: 10_000 }).toBe(ErrorCode.rebalanceInProgress);
  expect(await beat(two, groupId, followerId, generationId)).toBe(ErrorCode.unknownMemberId);
  const alone = await join(one, groupId, { memberId: leaderId });
  expect(alone).toMatchObject({ errorCode: ErrorCode.none, generationId: generationId + 1 });
  expect(alone.members).toHaveLength(1);
});

conforms('heartbeats keep a member for longer than its session timeout', async () => {
  const client = await t.raw();
  const groupId = await t.group();
  const { memberId, generationId } = await joined(client, groupId, { sessionTimeoutMs: 1_000 });
  for (let i = 0; i < 8; i += 1) {
    await new Promise((done) => setTimeout(done, 250));
    expect(await beat(client, groupId, memberId, generationId)).toBe(ErrorCode.none);
  }
});

conforms('who does not join again within the rebalance timeout is left behind', async () => {
  const [one, two] = [await t.raw(), await t.raw()];
  const groupId = await t.group();
  const first = await joined(one, groupId, { rebalanceTimeoutMs: 1_000 });
  const { memberId } = await join(two, groupId, { rebalanceTimeoutMs: 1_000 });
  const heir = await join(two, groupId, { memberId, rebalanceTimeoutMs: 1_000 });
  expect(heir).toMatchObject({ errorCode: ErrorCode.none, leaderId: memberId });
  expect(await beat(one, groupId, first.memberId, first.generationId)).toBe(ErrorCode.unknownMemberId);
});

conforms('a member that leaves makes the others join again', async () => {
  const [one, two] = [await t.raw(), await t.raw()];
  const groupId = await t.group();
  const { leaderId, followerId, generationId } = await pair(one, two, groupId);
  const { errorCode } = await two.call(leaveGroup, 2, { groupId, memberId: followerId, members: [] });
  expect(errorCode).toBe(ErrorCode.none);
  expect(await beat(one, groupId, leaderId, generationId)).toBe(ErrorCode.rebalanceInProgress);
});

conforms('the leader that joins again begins a generation, a follower that does is told the present one', async () => {
  const [one, two] = [await t.raw(), await t.raw()];
  const groupId = await t.group();
  const { leaderId, followerId, generationId } = await pair(one, two, groupId);
  expect(await join(two, groupId, { memberId: followerId })).toMatchObject({ errorCode: ErrorCode.none, generationId });
  const joining = join(one, groupId, { memberId: leaderId });
  await expect.poll(() => beat(two, groupId, followerId, generationId)).toBe(ErrorCode.rebalanceInProgress);
  expect((await join(two, groupId, { memberId: followerId })).generationId).toBe(generationId + 1);
  expect((await joining).generationId).toBe(generationId + 1);
});

conforms('a sync of another generation, of a stranger or of another protocol is refused', async () => {
  const connection = await t.raw();
  const groupId = await t.group();
  const { memberId, generationId } = await joined(connection, groupId);
  const refused = async (id: string, generation: number) =>
    (await sync(connection, groupId, id, generation, '')).errorCode;
  expect(await refused(memberId, generationId - 1)).toBe(ErrorCode.illegalGeneration);
  expect(await refused('nobody', generationId)).toBe(ErrorCode.unknownMemberId);
  const request = { ...syncGroup.request.empty, groupId, memberId, generationId, protocolType: 'consumer' };
  const other = await connection.call(syncGroup, 5, { ...request, protocolName: 'other' });
  expect(other.errorCode).toBe(ErrorCode.inconsistentGroupProtocol);
  const same = await connection.call(syncGroup, 5, { ...request, protocolName: 'range' });
  expect([same.errorCode, same.assignment.toString()]).toEqual([ErrorCode.none, 'mine']);
});

conforms('several members leave in one request, each with an answer of its own', async () => {
  const [one, two] = [await t.raw(), await t.raw()];
  const groupId = await t.group();
  const { leaderId, followerId } = await pair(one, two, groupId);
  const members = [followerId, 'nobody', leaderId].map((memberId) => ({ memberId, instanceId: null, reason: null }));
  const left = await one.call(leaveGroup, 5, { groupId, memberId: '', members });
  expect(left.members.map(({ errorCode }) => errorCode)).toEqual([
    ErrorCode.none,
    ErrorCode.unknownMemberId,
    ErrorCode.none,
  ]);
  const state = async () => (await t.admin.describeGroups([groupId])).groups[0]?.state;
  await expect.poll(state, readiness).toBe('Empty');
});

conforms('a static place is kept over a leave by nobody, and lost after the session timeout', async () => {
  const connection = await t.raw();
  const groupId = await t.group();
  const instanceId = 'static-1';
  const { memberId, generationId } = await joined(connection, groupId, { instanceId, sessionTimeoutMs: 1_000 });
  expect(await beat(connection, groupId, memberId, generationId, instanceId)).toBe(ErrorCode.none);
  const state = async () => (await t.admin.describeGroups([groupId])).groups[0]?.state;
  await expect.poll(state, readiness).toBe('Empty');
  expect(await beat(connection, groupId, memberId, generationId, instanceId)).toBe(ErrorCode.unknownMemberId);
});

conforms('what names a static place with the id of another member is fenced', async () => {
  const connection = await t.raw();
  const groupId = await t.group();
  const instanceId = 'static-1';
  const { memberId, generationId } = await joined(connection, groupId, { instanceId });
  expect((await join(connection, groupId, { instanceId, memberId: 'other' })).errorCode).toBe(
    ErrorCode.fencedInstanceId,
  );
  expect(await beat(connection, groupId, 'other', generationId, instanceId)).toBe(ErrorCode.fencedInstanceId);
  expect((await sync(connection, groupId, 'other', generationId, '', instanceId)).errorCode).toBe(
    ErrorCode.fencedInstanceId,
  );
  expect(await beat(connection, groupId, memberId, generationId, instanceId)).toBe(ErrorCode.none);
  expect(await beat(connection, groupId, memberId, generationId, 'static-2')).toBe(ErrorCode.unknownMemberId);
});

conforms('a commit counts as a sign of life', async () => {
  const connection = await t.raw();
  const [topic, groupId] = [await t.topic(), await t.group()];
  const { memberId, generationId } = await joined(connection, groupId, { sessionTimeoutMs: 1_000 });
  for (let i = 0; i < 6; i += 1) {
    await new Promise((done) => setTimeout(done, 300));
    expect(await commit(connection, groupId, topic, { memberId, generationId })).toBe(ErrorCode.none);
  }
});
