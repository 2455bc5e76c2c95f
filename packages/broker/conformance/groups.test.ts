import { expect } from 'vitest';
import { offsetCommit } from '../src/apis/08-offset-commit.ts';
import { offsetFetch } from '../src/apis/09-offset-fetch.ts';
import { heartbeat } from '../src/apis/12-heartbeat.ts';
import { leaveGroup } from '../src/apis/13-leave-group.ts';
import { syncGroup } from '../src/apis/14-sync-group.ts';
import { offsetDelete } from '../src/apis/47-offset-delete.ts';
import { ErrorCode } from '../src/wire/error-code.ts';
import { commit, join, joined, sync } from './membership.ts';
import { batchOf } from './record-batches.ts';
import { produceBatch } from './requests.ts';
import { conforms, target, uniqueName } from './target.ts';

const t = target();

conforms('a dynamic member is told its id first, and joins with it', async () => {
  const client = await t.raw();
  const groupId = await t.group();
  const told = await join(client, groupId);
  expect(told.errorCode).toBe(ErrorCode.memberIdRequired);
  const answer = await join(client, groupId, { memberId: told.memberId });
  expect(answer).toMatchObject({
    errorCode: ErrorCode.none,
    generationId: 1,
    leaderId: told.memberId,
    protocolName: 'range',
  });
  expect(answer.members.map(({ memberId }) => memberId)).toEqual([told.memberId]);
});

conforms('before version 4 a member joins at once', async () => {
  const client = await t.raw();
  expect(await join(client, await t.group(), { version: 3 })).toMatchObject({
    errorCode: ErrorCode.none,
    generationId: 1,
  });
});

conforms('joins that can not be are refused', async () => {
  const client = await t.raw();
  expect((await join(client, '')).errorCode).toBe(ErrorCode.invalidGroupId);
  expect((await join(client, await t.group(), { sessionTimeoutMs: 1 })).errorCode).toBe(
    ErrorCode.invalidSessionTimeout,
  );
  expect((await join(client, await t.group(), { memberId: 'nobody' })).errorCode).toBe(ErrorCode.unknownMemberId);
});

conforms('a member with no protocol in common with the others is refused', async () => {
  const [one, two] = [await t.raw(), await t.raw()];
  const groupId = await t.group();
  await joined(one, groupId);
  expect((await join(two, groupId, { protocol: 'other' })).errorCode).toBe(ErrorCode.inconsistentGroupProtocol);
});

conforms('every member gets the assignment that the leader made for it', async () => {
  const [one, two] = [await t.raw(), await t.raw()];
  const groupId = await t.group();
  const first = await joined(one, groupId);
  const told = await join(two, groupId);
  const joiningTwo = join(two, groupId, { memberId: told.memberId });
  const rejoinedOne = await join(one, groupId, { memberId: first.memberId });
  const joinedTwo = await joiningTwo;
  expect(rejoinedOne.generationId).toBe(joinedTwo.generationId);
  expect(rejoinedOne.members).toHaveLength(2);
  expect(joinedTwo.members).toHaveLength(0);
  const { generationId } = joinedTwo;
  const following = two.call(syncGroup, 3, {
    ...syncGroup.request.empty,
    groupId,
    generationId,
    memberId: told.memberId,
  });
  const assignments = [first.memberId, told.memberId].map((memberId) => ({
    memberId,
    assignment: Buffer.from(`for ${memberId}`),
  }));
  await one.call(syncGroup, 3, {
    ...syncGroup.request.empty,
    groupId,
    generationId,
    memberId: first.memberId,
    assignments,
  });
  expect((await following).assignment.toString()).toBe(`for ${told.memberId}`);
});

conforms('a heartbeat tells strangers, old generations and rebalances apart', async () => {
  const [one, two] = [await t.raw(), await t.raw()];
  const groupId = await t.group();
  const { memberId, generationId } = await joined(one, groupId);
  const beat = async (id: string, generation: number) =>
    (await one.call(heartbeat, 3, { groupId, generationId: generation, memberId: id, instanceId: null })).errorCode;
  expect(await beat(memberId, generationId)).toBe(ErrorCode.none);
  expect(await beat('nobody', generationId)).toBe(ErrorCode.unknownMemberId);
  expect(await beat(memberId, generationId + 1)).toBe(ErrorCode.illegalGeneration);
  const told = await join(two, groupId);
  const joining = join(two, groupId, { memberId: told.memberId });
  await expect.poll(() => beat(memberId, generationId)).toBe(ErrorCode.rebalanceInProgress);
  await join(one, groupId, { memberId });
  await joining;
});

conforms('commits are taken while a rebalance is prepared, and refused between join and sync', async () => {
  const [one, two] = [await t.raw(), await t.raw()];
  const topic = await t.topic();
  const groupId = await t.group();
  const { memberId, generationId } = await joined(one, groupId);
  const told = await join(two, groupId);
  const joining = join(two, groupId, { memberId: told.memberId });
  const beat = async () =>
    (await one.call(heartbeat, 3, { groupId, generationId, memberId, instanceId: null })).errorCode;
  await expect.poll(beat).toBe(ErrorCode.rebalanceInProgress);
  expect(await commit(one, groupId, topic, { memberId, generationId })).toBe(ErrorCode.none);
  const next = await join(one, groupId, { memberId });
  await joining;
  expect(await commit(one, groupId, topic, { memberId, generationId })).toBe(ErrorCode.illegalGeneration);
  expect(await commit(one, groupId, topic, { memberId, generationId: next.generationId })).toBe(
    ErrorCode.rebalanceInProgress,
  );
});

conforms('commits of strangers and of no generation are refused by a group with members', async () => {
  const client = await t.raw();
  const topic = await t.topic();
  const groupId = await t.group();
  const { generationId } = await joined(client, groupId);
  expect(await commit(client, groupId, topic, { memberId: 'nobody', generationId })).toBe(ErrorCode.unknownMemberId);
  expect(await commit(client, groupId, topic)).toBe(ErrorCode.unknownMemberId);
});

conforms(
  'a consumer outside the protocol commits with generation -1, and the offset is fetched with its note',
  async () => {
    const client = await t.raw();
    const topic = await t.topic(2);
    const groupId = await t.group();
    expect(await commit(client, groupId, topic, {}, 42n)).toBe(ErrorCode.none);
    const wanted = [{ name: topic, partitions: [0, 1] }];
    for (const version of [1, 2, 5, 7]) {
      const { topics } = await client.call(offsetFetch, version, {
        ...offsetFetch.request.empty,
        groupId,
        topics: wanted,
      });
      expect(topics[0]?.partitions).toMatchObject([
        { offset: 42n, metadata: 'note' },
        { offset: -1n, metadata: '' },
      ]);
    }
    const all = await client.call(offsetFetch, 8, {
      ...offsetFetch.request.empty,
      groups: [{ groupId, topics: null }],
    });
    expect(all.groups[0]?.topics[0]?.partitions).toMatchObject([{ index: 0, offset: 42n }]);
  },
);

conforms('a commit of an unknown topic or with too much metadata is refused by partition', async () => {
  const client = await t.raw();
  const groupId = await t.group();
  expect(await commit(client, groupId, uniqueName('never'))).toBe(ErrorCode.unknownTopicOrPartition);
  const topic = await t.topic();
  const partitions = [{ index: 0, offset: 1n, leaderEpoch: -1, metadata: 'x'.repeat(5_000) }];
  const request = { ...offsetCommit.request.empty, groupId, generationId: -1, topics: [{ name: topic, partitions }] };
  const { topics } = await client.call(offsetCommit, 7, request);
  expect(topics[0]?.partitions[0]?.errorCode).toBe(ErrorCode.offsetMetadataTooLarge);
});

conforms('a static member that comes back fences its former self and moves nobody', async () => {
  const [one, two] = [await t.raw(), await t.raw()];
  const groupId = await t.group();
  const { memberId, generationId } = await joined(one, groupId, { instanceId: 'static-1' });
  const back = await join(two, groupId, { instanceId: 'static-1' });
  expect(back).toMatchObject({ errorCode: ErrorCode.none, generationId });
  expect(back.memberId).not.toBe(memberId);
  const request = { groupId, generationId, memberId, instanceId: 'static-1' };
  expect((await one.call(heartbeat, 3, request)).errorCode).toBe(ErrorCode.fencedInstanceId);
  expect((await sync(two, groupId, back.memberId, generationId, '', 'static-1')).assignment.toString()).toBe('mine');
});

conforms('a static member leaves by its instance', async () => {
  const client = await t.raw();
  const groupId = await t.group();
  await joined(client, groupId, { instanceId: 'static-1' });
  const members = [
    { memberId: '', instanceId: 'static-1', reason: null },
    { memberId: '', instanceId: 'static-2', reason: null },
  ];
  const left = await client.call(leaveGroup, 4, { groupId, memberId: '', members });
  expect(left.members.map(({ errorCode }) => errorCode)).toEqual([ErrorCode.none, ErrorCode.unknownMemberId]);
});

conforms('a group is described while it is stable and when it is empty, and an unknown one is Dead', async () => {
  const client = await t.raw();
  const groupId = await t.group();
  const { memberId } = await joined(client, groupId);
  const never = await t.group();
  const { groups } = await t.admin.describeGroups([groupId, never]);
  const [stable, unknown] = [groupId, never].map((id) => groups.find((group) => group.groupId === id));
  expect(stable).toMatchObject({ state: 'Stable', protocol: 'range', protocolType: 'consumer' });
  expect(stable?.members[0]?.memberAssignment.toString()).toBe('mine');
  expect(unknown).toMatchObject({ state: 'Dead', members: [] });
  await client.call(leaveGroup, 2, { groupId, memberId, members: [] });
  await expect.poll(async () => (await t.admin.describeGroups([groupId])).groups[0]?.state).toBe('Empty');
  expect((await t.admin.listGroups()).groups).toContainEqual({ groupId, protocolType: 'consumer' });
});

conforms('a group is deleted with its offsets once it is empty', async () => {
  const client = await t.raw();
  const topic = await t.topic();
  const groupId = await t.group();
  const { memberId, generationId } = await joined(client, groupId);
  await commit(client, groupId, topic, { memberId, generationId });
  await expect(t.admin.deleteGroups([groupId])).rejects.toMatchObject({
    groups: [{ groupId, errorCode: ErrorCode.nonEmptyGroup }],
  });
  await client.call(leaveGroup, 2, { groupId, memberId, members: [] });
  await expect.poll(async () => (await t.admin.describeGroups([groupId])).groups[0]?.state).toBe('Empty');
  await t.admin.deleteGroups([groupId]);
  expect((await t.admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions[0]?.offset).toBe('-1');
  await expect(t.admin.deleteGroups([groupId])).rejects.toMatchObject({
    groups: [{ groupId, errorCode: ErrorCode.groupIdNotFound }],
  });
});

conforms('single offsets of an empty group can be deleted', async () => {
  const client = await t.raw();
  const topic = await t.topic();
  const groupId = await t.group();
  await commit(client, groupId, topic);
  const topics = [{ name: topic, partitions: [{ index: 0 }] }];
  expect((await client.call(offsetDelete, 0, { groupId, topics })).errorCode).toBe(ErrorCode.none);
  expect((await t.admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions[0]?.offset).toBe('-1');
  const unknown = await client.call(offsetDelete, 0, { groupId: await t.group(), topics });
  expect(unknown.errorCode).toBe(ErrorCode.groupIdNotFound);
});

conforms('two KafkaJS consumers share the partitions, and one takes over when the other leaves', async () => {
  const topic = await t.topic(4);
  const groupId = await t.group();
  const seen: [string, string][] = [];
  const consume = async (name: string) => {
    const consumer = t.kafka({ clientId: name }).consumer({ groupId, maxWaitTimeInMs: 100, heartbeatInterval: 200 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    let assigned: number[] = [];
    consumer.on('consumer.group_join', ({ payload }) => {
      assigned = payload.memberAssignment[topic] ?? [];
    });
    await consumer.run({ eachMessage: async ({ message }) => void seen.push([name, String(message.value)]) });
    return { consumer, assigned: () => assigned };
  };
  const one = await consume('one');
  const two = await consume('two');
  await expect.poll(() => [one.assigned().length, two.assigned().length], { timeout: 20_000 }).toEqual([2, 2]);
  const client = await t.raw();
  for (const partition of [0, 1, 2, 3])
    await produceBatch(client, topic, batchOf({ values: [`p${partition}`] }), { partition });
  await expect.poll(() => seen.map(([, value]) => value).sort(), { timeout: 10_000 }).toEqual(['p0', 'p1', 'p2', 'p3']);
  expect(new Set(seen.map(([name]) => name))).toEqual(new Set(['one', 'two']));
  await one.consumer.disconnect();
  await expect.poll(() => two.assigned().length, { timeout: 20_000 }).toBe(4);
  await two.consumer.disconnect();
  const offsets = await t.admin.fetchOffsets({ groupId, topics: [topic] });
  expect(offsets[0]?.partitions.map(({ offset }) => offset)).toEqual(['1', '1', '1', '1']);
});

conforms('offsets of an empty group can be set from outside', async () => {
  const topic = await t.topic();
  const groupId = await t.group();
  await produceBatch(await t.raw(), topic, batchOf({ values: ['v'] })); // KafkaJS sets offsets after its first fetch.
  await t.admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '0' }] });
  expect(await t.admin.fetchOffsets({ groupId, topics: [topic] })).toMatchObject([
    { topic, partitions: [{ offset: '0' }] },
  ]);
});
