import { expect, test } from 'vitest';
import { DyingDisk } from '../disk/dying-disk.ts';
import { ErrorCode } from '../wire/error-code.ts';
import { cleanLog } from './cleaner.ts';
import { LogRig, readText } from './log-rig.ts';
import type { PartitionLog } from './partition-log.ts';

const compacted = {
  'cleanup.policy': 'compact',
  'min.cleanable.dirty.ratio': '0',
  'delete.retention.ms': '1000',
  'segment.bytes': '450', // Some groups are of several segments, some of one.
};
const idempotent = [7n, 8n, 9n];

/** Appends the next batch, of one record, of an idempotent producer. */
function produce(rig: LogRig, log: PartitionLog, producerId: bigint, sequence: number, key: string) {
  const values = [`${producerId}-${sequence}`];
  return log.append(rig.batchWith({ key, values, producerId, epoch: 0, sequence }));
}

/** A log that has been compacted once, and has again what is to be: values, tombstones, transactions, sequences. */
async function soiledLog(): Promise<LogRig> {
  const rig = new LogRig(compacted);
  const log = await rig.open();
  for (const round of [0, 1]) {
    for (const producerId of idempotent) await produce(rig, log, producerId, round, 'shared');
    for (const key of ['a', 'b', 'c', 'd']) await log.append(rig.batchWith({ key, values: [`${key}${round}`] }));
    for (const [producerId, marker] of [
      [20n, 'commit'],
      [21n, 'abort'],
    ] as const) {
      const transactional = true;
      const sequence = round;
      await log.append(rig.batchWith({ key: 'a', values: ['t'], producerId, epoch: 0, sequence, transactional }));
      await log.roll();
      await log.appendMarker(producerId, 0, marker);
    }
    await log.append(rig.batchWith({ key: `gone${round}`, values: ['soon', null] }));
    await log.append(rig.batchWith({ key: 'shared', values: [`last of round ${round}`] }));
    await log.roll();
    if (round === 0) await cleanLog(log, rig.clock.now());
    rig.clock.advance(2_000);
  }
  // The last segment of all is rewritten alone, and the log is not closed: what the producers did is in that one's checkpoint.
  for (const producerId of idempotent) await produce(rig, log, producerId, 2, 'shared');
  await log.append(rig.batchWith({ key: 'shared', values: ['last of all'] }));
  await log.roll();
  await log.append(rig.batchWith({ key: 'a', values: ['active'] }));
  return rig;
}

function copyOf(rig: LogRig): LogRig {
  const copy = new LogRig(compacted);
  for (const path of rig.disk.paths()) copy.disk.replace(path, Buffer.from(rig.disk.contents(path)));
  copy.clock.advance(rig.clock.now() - copy.clock.now());
  return copy;
}

/** At which change to be killed, and at which when it is started again. */
function* kills(changes: number, agains: number): Generator<readonly [number, number]> {
  for (let change = 1; change <= changes; change += 1) {
    for (let again = 1; again <= agains; again += 1) yield [change, again];
  }
}

/** Opens and compacts the log until it is killed at the `change`-th change to the disk; answers whether it was. */
async function killedAt(rig: LogRig, change: number): Promise<boolean> {
  const disk = new DyingDisk(rig.disk, change);
  try {
    await cleanLog(await rig.open(disk), rig.clock.now());
  } catch (error) {
    if (!disk.isDead) throw error;
  }
  return disk.isDead;
}

test('killed at any change to the disk, and again, a compaction loses no record, no sequence, no aborted range', async () => {
  const soiled = await soiledLog();
  const rig = copyOf(soiled);
  const before = await rig.open();
  const dirty = await readText(before);
  await cleanLog(before, rig.clock.now());
  const clean = await readText(before);
  expect(clean.length).toBeLessThan(dirty.length / 2);

  for (const [change, again] of kills(80, 4)) {
    const rig = copyOf(soiled);
    const wasKilled = await killedAt(rig, change);
    if (!wasKilled) {
      expect(change).toBeGreaterThan(40);
      break;
    }
    await killedAt(rig, again); // While it recovers.
    const log = await rig.open();
    const found = await readText(log);
    const when = `killed at change ${change}, then at ${again}`;
    expect(found, when).toEqual(expect.arrayContaining(clean));
    expect(dirty, when).toEqual(expect.arrayContaining(found));
    expect(found, when).toEqual([...new Set(found)].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)));
    expect([log.endOffset, log.stableOffset], when).toEqual([before.endOffset, before.stableOffset]);
    expect(log.abortedWithin(0n, log.endOffset), when).toEqual(before.abortedWithin(0n, before.endOffset));
    for (const producerId of idempotent) {
      const gap = produce(rig, log, producerId, 5, 'gap');
      await expect(gap, when).rejects.toMatchObject({ code: ErrorCode.outOfOrderSequenceNumber });
      expect((await produce(rig, log, producerId, 2, 'shared')).baseOffset, when).toBeLessThan(before.endOffset);
    }
    await cleanLog(log, rig.clock.now());
    expect(await readText(log), when).toEqual(clean);
    expect(await readText(await rig.open()), when).toEqual(clean);
    expect(rig.disk.paths().filter((path) => path.includes('.cleaned'))).toEqual([]);
  }
});

test('whoever reads while rewritten segments are retired reads what has taken their place', async () => {
  const rig = await soiledLog();
  const log = await rig.open();
  const remove = rig.disk.remove.bind(rig.disk);
  let reads = 0;
  rig.disk.remove = async (path) => {
    await readText(log);
    reads += 1;
    await remove(path);
  };
  await cleanLog(log, rig.clock.now());
  expect(reads).toBeGreaterThan(0);
  expect(rig.said.filter((line) => line.includes('could not be'))).toEqual([]);
});
