import { expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryBroker } from '../transport/memory/memory-broker.ts';
import { markerRecord } from './changelog-marker.ts';
import { type Cut, probeFlushes } from './flush-probe.ts';

/** A task with the changelogs `a` and `b`, one partition each. */
const setup = () => {
  const broker = new MemoryBroker({ clock: new ManualClock() });
  for (const name of ['a', 'b']) broker.create({ name, partitions: 1, replication: 1 });
  const entries = (log: string, count: number) => {
    for (let i = 0; i < count; i++)
      broker.append({
        topic: log,
        partition: 0,
        key: Buffer.from(`["${log}${i}"]`),
        value: Buffer.from('{}'),
        timestampMs: 0,
      });
  };
  const marker = (log: string, flush: number, changelogs: readonly string[] = ['a', 'b']) => {
    broker.append(markerRecord({ flush, changelogs, sources: {}, streamTimeMs: null }, log, 0, 0));
  };
  const probe = async (...logs: string[]): Promise<Cut> => {
    const ranges = logs.map((changelog) => {
      const { earliest, latest } = broker.log(changelog, 0);
      return { changelog, partition: 0, earliest, end: latest };
    });
    const [cut] = await probeFlushes(broker.transport().reader(), [ranges], new AbortController().signal);
    if (!cut) throw new Error('no cut');
    return cut;
  };
  return { broker, entries, marker, probe };
};

const cutOf = (cut: Cut) => ({ flush: cut.marker?.flush ?? null, ...Object.fromEntries(cut.offsets) });

test('[C5] the state ends with the last marker, however much was written after it', async () => {
  const { entries, marker, probe } = setup();
  entries('a', 10);
  marker('a', 1, ['a']);
  entries('a', 5_000);
  expect(cutOf(await probe('a'))).toEqual({ flush: 1, a: 11n });
});

test('[C5] entries without any marker belong to a first flush that was never finished', async () => {
  const { entries, probe } = setup();
  entries('a', 100);
  expect(cutOf(await probe('a'))).toEqual({ flush: null, a: 0n });
});

test('[C5] a flush counts when every changelog of the task has its marker', async () => {
  const { entries, marker, probe } = setup();
  for (const log of ['a', 'b']) {
    entries(log, 3);
    marker(log, 1);
  }
  entries('a', 3);
  marker('a', 2);
  entries('b', 2);
  const cut = await probe('a', 'b');
  expect([cutOf(cut), cut.highestFlush]).toEqual([{ flush: 1, a: 4n, b: 4n }, 2]);
});

test("[C5] a flush's number is not used again: one that half succeeded twice is told apart", async () => {
  const { entries, marker, probe } = setup();
  for (const log of ['a', 'b']) marker(log, 1);
  marker('a', 2);
  marker('b', 3);
  entries('b', 1);
  expect(cutOf(await probe('a', 'b'))).toEqual({ flush: 1, a: 1n, b: 1n });
});

test('[C5] a table that came later counts from the flushes that name it', async () => {
  const { marker, probe } = setup();
  marker('a', 7, ['a']);
  expect(cutOf(await probe('a', 'b'))).toEqual({ flush: 7, a: 1n, b: 0n });
  marker('a', 8);
  expect(cutOf(await probe('a', 'b'))).toEqual({ flush: 7, a: 1n, b: 0n });
  marker('b', 8);
  expect(cutOf(await probe('a', 'b'))).toEqual({ flush: 8, a: 2n, b: 1n });
});

test('[C5] a compacted changelog, whose older markers are gone, still ends with its last', async () => {
  const { broker, entries, marker, probe } = setup();
  for (let flush = 1; flush <= 5; flush++) {
    entries('a', 40);
    marker('a', flush, ['a']);
  }
  broker.log('a', 0).compact();
  expect(cutOf(await probe('a'))).toEqual({ flush: 5, a: 205n });
});

test('[K2] a changelog that cannot be read is not read past', async () => {
  const { broker, entries, marker, probe } = setup();
  entries('a', 3);
  marker('a', 1, ['a']);
  broker.log('a', 0).damage(1n, 3n, 'its checksum does not match');
  await expect(probe('a')).rejects.toThrow(
    "a/0, which keeps this app's state: offsets 1 to 2 cannot be read: its checksum does not match. Delete that topic and the app's group, to count anew from its sources",
  );
});
