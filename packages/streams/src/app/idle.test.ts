import { afterEach, expect, test, vi } from 'vitest';
import { countDocument } from '../testing/count-document.ts';
import { testDriver } from '../testing/test-driver.ts';
import { MemoryAdmin } from '../transport/memory/memory-admin.ts';

const hourMs = 3_600_000;

afterEach(() => void vi.restoreAllMocks());

test('[F7] an idle app writes what closes and expires, and then nothing', async () => {
  const t = await testDriver(countDocument({ partitions: 1 }));
  const end = () => t.broker.logs('counting-counts-changelog')[0]?.latest ?? 0n;
  t.topic('in').pipe('a', { n: 1 });
  await t.advance(1_000);
  const counted = end();
  await t.advance(120_000);
  // The window has closed (the time, and a marker), and then expired (its tombstone, the time and a marker).
  const idle = end();
  expect(idle).toBe(counted + 5n);
  await t.advance(hourMs);
  expect(end()).toBe(idle);
  await t.stop();
});

test('[F7] what has closed while the app was idle is closed after a crash, too', async () => {
  const a = await testDriver(countDocument({ partitions: 1 }));
  a.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await a.advance(40_000);
  await a.crash();
  const b = await testDriver(countDocument({ partitions: 1 }), { broker: a.broker, clock: a.clock });
  b.topic('in').pipe('a', { n: 1 }, { at: 500 });
  await b.advance(1_000);
  expect(
    b
      .table('counts')
      .rows()
      .map(({ value }) => value['count']),
  ).toEqual([1]);
  await b.stop();
});

test('[F7] an idle app asks Kafka hardly anything, tells no news of itself, and is awake with the first event', async () => {
  const asked = vi.spyOn(MemoryAdmin.prototype, 'ends');
  const t = await testDriver(countDocument({ partitions: 1 }));
  t.topic('in').pipe('a', { n: 1 });
  await t.advance(hourMs);
  asked.mockClear();
  t.runtime.stirred();
  await t.advance(60_000);
  expect(asked.mock.calls.length).toBeLessThanOrEqual(4);
  expect(t.runtime.stirred()).toBe(false);
  t.topic('in').pipe('a', { n: 2 });
  await t.advance(1_000);
  expect(t.runtime.stirred()).toBe(true);
  expect(t.status().partitions[0]).toMatchObject({ committed: '2', lag: 0 });
  await t.stop();
});

test('[F7] a window that is open when an app falls silent is closed by the wall clock, in time', async () => {
  const t = await testDriver(countDocument({ partitions: 1, emit: 'close' }));
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.advance(120_000);
  expect(t.topic('out').read()).toHaveLength(1);
  await t.stop();
});

test('[F7] an idle app sleeps: it wakes up a dozen times a minute at most, and closes what is due to the second', async () => {
  const t = await testDriver(countDocument({ partitions: 1, emit: 'close' }));
  const waits = vi.spyOn(t.clock, 'after');
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  // The window [0 s, 1 s) has a grace of 10 s. From its event on stream time goes with the wall clock.
  await t.advance(10_000);
  expect(t.topic('out').read()).toHaveLength(0);
  await t.advance(3_000);
  expect(t.topic('out').read()).toHaveLength(1);
  await t.advance(hourMs);
  waits.mockClear();
  await t.advance(600_000);
  expect(waits.mock.calls.length).toBeLessThanOrEqual(120);
  await t.stop();
});

test('[F7] what comes into a sleep finds time where the wall clock has brought it, and is counted at once', async () => {
  const t = await testDriver(countDocument({ partitions: 1 }));
  t.topic('in').pipe('a', { n: 1 }, { at: 0 });
  await t.advance(hourMs);
  // The last look may be 15 s old.
  for (const silentMs of [7_300, 11_900, 14_200]) {
    await t.advance(silentMs);
    const nowMs = t.clock.now();
    const before = t.status();
    t.topic('in').pipe('late', { n: 1 }, { at: nowMs - 12_500 });
    t.topic('in').pipe('due', { n: 1 }, { at: nowMs - 9_000 });
    await t.advance(1_500);
    const tables = (status: typeof before) => status.tables['counts']?.[0];
    expect(tables(t.status())).toMatchObject({
      late: (tables(before)?.late ?? 0) + 1,
      updates: (tables(before)?.updates ?? 0) + 2,
    });
    expect(t.status().partitions[0]).toMatchObject({ lag: 0, buffered: 0 });
    await t.advance(120_000);
  }
  await t.stop();
});

test('[F7] [W8] a wall clock that is set back holds time back for no longer than the idle time-out, and marks go on', async () => {
  const document = countDocument({ partitions: 2, emit: 'close', where: 'value.n == 1', groupBy: 'string(value.n)' });
  const t = await testDriver(document, { startMs: 10 * hourMs });
  for (const key of 'abcdefgh') t.topic('in').pipe(key, { n: 1 }, { at: 0 });
  await t.advance(60_000);
  t.topic('in').pipe('a', { n: 1 }, { at: 100_000 });
  await t.advance(1_000);
  t.topic('out').read();
  const now = t.clock.now.bind(t.clock);
  vi.spyOn(t.clock, 'now').mockImplementation(() => now() - hourMs);
  // One partition alone goes on, with what the filter drops: marks tell its time, and the other is idle.
  for (let at = 101_000; at < 141_000; at += 1_000) {
    t.topic('in').pipe('a', { n: 2 }, { at });
    await t.advance(1_000);
  }
  expect(t.topic('out').read()).toHaveLength(1);
  await t.stop();
});
