import { expect, test } from 'vitest';
import { ManualClock } from '../clock.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { ErrorCode } from '../wire/error-code.ts';
import { GroupCoordinator } from './group-coordinator.ts';
import { OffsetStore } from './offset-store.ts';

test('a full group refuses one member more, and lets those it has join again', async () => {
  const clock = new ManualClock();
  let ids = 0;
  const environment = { clock, newId: () => `m${++ids}`, initialRebalanceDelayMs: 0, log: () => {} };
  const limits = { minSessionTimeoutMs: 1, maxSessionTimeoutMs: 60_000, maxGroupSize: 2, offsetsRetentionMs: 1 };
  const groups = new GroupCoordinator(environment, limits, await OffsetStore.open(new MemoryDisk(), () => {}));
  const join = (memberId = '', instanceId: string | null = null) =>
    groups.join('group', {
      memberId,
      instanceId,
      clientId: 'c',
      clientHost: 'h',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 30_000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
      requiresMemberId: false,
      canSkipAssignment: true,
    });
  const joining = [join(), join('', 'static')];
  clock.advance(0);
  const [dynamic] = await Promise.all(joining);
  expect(await join()).toMatchObject({ error: ErrorCode.groupMaxSizeReached, memberId: '' });
  const again = [join(dynamic?.memberId), join('', 'static')];
  clock.advance(30_000);
  expect((await Promise.all(again)).map(({ error }) => error)).toEqual([ErrorCode.none, ErrorCode.none]);
  await groups.close();
});

test('offsets go when their group has been without members for the retention time, also after a restart; then the group', async () => {
  const clock = new ManualClock(1_000_000);
  const disk = new MemoryDisk();
  const environment = { clock, newId: () => 'm', initialRebalanceDelayMs: 0, log: () => {} };
  const limits = { minSessionTimeoutMs: 1, maxSessionTimeoutMs: 1, maxGroupSize: 1, offsetsRetentionMs: 60_000 };
  const open = async () => new GroupCoordinator(environment, limits, await OffsetStore.open(disk, () => {}));
  const at = (partition: number) => {
    return { topic: 't', partition, offset: 5n, leaderEpoch: -1, metadata: '', committedMs: clock.now() };
  };
  const groups = await open();
  groups.checkCommit('g', '', null, -1);
  await groups.offsets.commit('g', [at(0)]);
  clock.advance(30_000);
  await groups.offsets.commit('g', [at(1)]);
  await groups.expire();
  expect(groups.offsets.of('g').map(({ partition }) => partition)).toEqual([0, 1]);
  clock.advance(30_000);
  await groups.expire();
  expect(groups.offsets.of('g').map(({ partition }) => partition)).toEqual([1]);
  expect(groups.get('g')).toBeDefined();
  clock.advance(30_000);
  await groups.expire();
  expect(groups.get('g')).toBeUndefined();
  expect((await open()).offsets.of('g')).toEqual([]);
});
