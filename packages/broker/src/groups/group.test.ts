import { expect, test } from 'vitest';
import { ManualClock } from '../clock.ts';
import { ErrorCode } from '../wire/error-code.ts';
import { Group } from './group.ts';
import type { JoinAnswer } from './group-requests.ts';

const sessionTimeoutMs = 10_000;
const rebalanceTimeoutMs = 30_000;
const initialRebalanceDelayMs = 50;

/** A group on a clock of its own; ids are m1, m2, … */
class GroupRig {
  readonly clock = new ManualClock();
  #ids = 0;
  readonly group = new Group('group', {
    clock: this.clock,
    newId: () => `m${++this.#ids}`,
    initialRebalanceDelayMs,
    log: () => {},
  });

  join(
    memberId = '',
    options: { instanceId?: string; metadata?: string; requiresMemberId?: boolean } = {},
  ): Promise<JoinAnswer> {
    return this.group.join({
      memberId,
      instanceId: options.instanceId ?? null,
      clientId: 'c',
      clientHost: 'h',
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.from(options.metadata ?? '') }],
      requiresMemberId: options.requiresMemberId ?? false,
      canSkipAssignment: true,
    });
  }

  sync({ memberId, generationId }: JoinAnswer, assignments: Record<string, string> = {}) {
    const made = Object.entries(assignments).map(([id, assignment]) => [id, Buffer.from(assignment)] as const);
    return this.group.sync({
      memberId,
      instanceId: null,
      generationId,
      protocolType: null,
      protocolName: null,
      assignments: new Map(made),
    });
  }

  /** Members who have joined and synced. */
  async stable(count: number): Promise<JoinAnswer[]> {
    const joining = Array.from({ length: count }, () => this.join());
    this.clock.advance(initialRebalanceDelayMs);
    const joined = await Promise.all(joining);
    await Promise.all(joined.map((answer) => this.sync(answer)));
    expect(this.group.state).toBe('Stable');
    return joined;
  }
}

test('members that come within the initial delay are in the same generation', async () => {
  const rig = new GroupRig();
  const first = rig.join();
  rig.clock.advance(initialRebalanceDelayMs - 1);
  const second = rig.join();
  rig.clock.advance(1);
  const [one, two] = await Promise.all([first, second]);
  expect([one.generationId, two.generationId]).toEqual([1, 1]);
  expect(one.members.map(({ memberId }) => memberId)).toEqual([one.memberId, two.memberId]);
});

test('a member that is not heard of for its session timeout is dropped, and the others are called to join again', async () => {
  const rig = new GroupRig();
  const [one, two] = await rig.stable(2);
  rig.clock.advance(sessionTimeoutMs - 1);
  expect(rig.group.heartbeat(one?.memberId ?? '', null, 1)).toBe(ErrorCode.none);
  rig.clock.advance(1);
  expect(rig.group.state).toBe('PreparingRebalance');
  expect(rig.group.heartbeat(two?.memberId ?? '', null, 1)).toBe(ErrorCode.unknownMemberId);
  expect(rig.group.heartbeat(one?.memberId ?? '', null, 1)).toBe(ErrorCode.rebalanceInProgress);
  const again = await rig.join(one?.memberId);
  expect(again).toMatchObject({ generationId: 2, leaderId: one?.memberId });
});

test('a member that does not join again within the rebalance timeout is left behind', async () => {
  const rig = new GroupRig();
  const [one, two] = await rig.stable(2);
  const again = rig.join(one?.memberId, { metadata: 'changed' });
  for (let ms = 0; ms < rebalanceTimeoutMs; ms += 1_000) {
    rig.group.heartbeat(two?.memberId ?? '', null, 1);
    rig.clock.advance(1_000);
  }
  expect((await again).members.map(({ memberId }) => memberId)).toEqual([one?.memberId]);
});

test('a member that joins and does not sync is dropped after the rebalance timeout', async () => {
  const rig = new GroupRig();
  const joining = [rig.join(), rig.join()];
  rig.clock.advance(initialRebalanceDelayMs);
  const [leader, follower] = await Promise.all(joining);
  if (leader === undefined || follower === undefined) throw new Error('both have joined');
  const waiting = rig.sync(follower);
  for (let ms = 0; ms < rebalanceTimeoutMs; ms += 1_000) {
    rig.group.heartbeat(leader.memberId, null, 1);
    rig.group.heartbeat(follower.memberId, null, 1);
    rig.clock.advance(1_000);
  }
  expect((await waiting).error).toBe(ErrorCode.rebalanceInProgress);
  expect(rig.group.members.map(({ id }) => id)).toEqual([follower.memberId]);
});

test('a rebalance waits for members that were promised an id, and no longer than their session timeout', async () => {
  const rig = new GroupRig();
  const promised = await rig.join('', { requiresMemberId: true });
  expect(promised.error).toBe(ErrorCode.memberIdRequired);
  const joining = rig.join();
  rig.clock.advance(initialRebalanceDelayMs);
  expect(rig.group.state).toBe('PreparingRebalance');
  rig.clock.advance(sessionTimeoutMs);
  expect((await joining).members).toHaveLength(1);
});

test('a follower that asks again gets the present generation; a leader that asks again begins another', async () => {
  const rig = new GroupRig();
  const [leader, follower] = await rig.stable(2);
  expect(await rig.join(follower?.memberId)).toMatchObject({ generationId: 1 });
  void rig.join(leader?.memberId);
  expect(rig.group.state).toBe('PreparingRebalance');
});

test('a static leader that comes back is told to keep the assignment it made', async () => {
  const rig = new GroupRig();
  const joining = rig.join('', { instanceId: 'i1' });
  rig.clock.advance(initialRebalanceDelayMs);
  const first = await joining;
  await rig.group.sync({
    memberId: first.memberId,
    instanceId: 'i1',
    generationId: 1,
    protocolType: null,
    protocolName: null,
    assignments: new Map(),
  });
  const back = await rig.join('', { instanceId: 'i1' });
  expect(back).toMatchObject({ generationId: 1, skipAssignment: true, leaderId: back.memberId });
  expect(rig.group.heartbeat(first.memberId, 'i1', 1)).toBe(ErrorCode.fencedInstanceId);
});

test('a leader that leaves between join and sync does not leave its followers waiting', async () => {
  const rig = new GroupRig();
  const joining = [rig.join(), rig.join()];
  rig.clock.advance(initialRebalanceDelayMs);
  const [leader, follower] = await Promise.all(joining);
  if (leader === undefined || follower === undefined) throw new Error('both have joined');
  const waiting = rig.sync(follower);
  expect(rig.group.leave(leader.memberId, null)).toBe(ErrorCode.none);
  expect((await waiting).error).toBe(ErrorCode.rebalanceInProgress);
  expect(await rig.join(follower.memberId)).toMatchObject({ generationId: 2, leaderId: follower.memberId });
});

test('closing lets every parked request go', async () => {
  const rig = new GroupRig();
  const joining = rig.join();
  rig.group.close();
  expect((await joining).error).toBe(ErrorCode.coordinatorNotAvailable);
});
