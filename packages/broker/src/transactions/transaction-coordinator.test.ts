import { expect, test } from 'vitest';
import { batchOf } from '../../conformance/record-batches.ts';
import { type Broker, openBroker } from '../broker.ts';
import { ManualClock } from '../clock.ts';
import { defaultConfig } from '../config.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { RecordBatch } from '../log/record-batch.ts';
import { ErrorCode } from '../wire/error-code.ts';
import type { ProducerIdentity } from './transaction-coordinator.ts';

const at = { topic: 't', partition: 0 };

class TransactionRig {
  readonly disk = new MemoryDisk();
  readonly clock = new ManualClock(1_000_000_000);
  #ids = 0;

  /** Opening again without closing is what a crash does. */
  open(): Promise<Broker> {
    const newId = () => String(++this.#ids).padStart(32, '0');
    return openBroker({ config: defaultConfig, disk: this.disk, clock: this.clock, log: () => {}, newId });
  }

  async write(broker: Broker, { producerId, epoch }: ProducerIdentity, sequence = 0): Promise<void> {
    const options = { values: ['v'], producerId, epoch, sequence, transactional: true, timestampMs: this.clock.now() };
    const batch = new RecordBatch(batchOf(options));
    await broker.topics.partition('t', 0).append(batch, () => broker.transactions.checkWrite('tx', batch, at));
  }

  /** A broker with a topic, and a transaction that has written one record and one offset. */
  async begun(): Promise<{ broker: Broker; producer: ProducerIdentity }> {
    const broker = await this.open();
    await broker.topics.create('t', 1, new Map());
    const producer = await broker.transactions.initialize('tx', 60_000, null);
    await broker.transactions.join('tx', producer, [at], ['g']);
    await this.write(broker, producer);
    const offset = { group: 'g', ...at, offset: 7n, leaderEpoch: -1, metadata: '', committedMs: this.clock.now() };
    await broker.transactions.addOffsets('tx', producer, [offset]);
    return { broker, producer };
  }
}

test('a transaction that is open when the broker dies is open afterwards, and its offsets come with its commit', async () => {
  const rig = new TransactionRig();
  const { producer } = await rig.begun();
  const broker = await rig.open();
  expect(broker.topics.partition('t', 0).stableOffset).toBe(0n);
  expect(broker.groups.offsets.get('g', 't', 0)).toBeUndefined();
  expect(broker.transactions.isPending('g', at)).toBe(true);
  await broker.transactions.end('tx', producer, 'commit');
  expect(broker.topics.partition('t', 0).stableOffset).toBe(2n);
  expect(broker.groups.offsets.get('g', 't', 0)?.offset).toBe(7n);
  expect(broker.transactions.isPending('g', at)).toBe(false);
});

test('a commit that the broker died in the midst of is carried out when it opens', async () => {
  const rig = new TransactionRig();
  const { broker, producer } = await rig.begun();
  let isDead = false;
  rig.disk.writeFault = (path) => {
    // The verdict is the last thing that reaches the disk.
    if (isDead) return 0;
    if (path === 'transactions.journal') isDead = true;
    return undefined;
  };
  await expect(broker.transactions.end('tx', producer, 'commit')).rejects.toThrow();
  rig.disk.writeFault = undefined;
  const reopened = await rig.open();
  expect(reopened.topics.partition('t', 0).stableOffset).toBe(reopened.topics.partition('t', 0).endOffset);
  expect(reopened.topics.partition('t', 0).abortedWithin(0n, 10n)).toEqual([]);
  expect(reopened.groups.offsets.get('g', 't', 0)?.offset).toBe(7n);
});

test('a transaction that takes longer than it said is aborted, and its producer fenced', async () => {
  const rig = new TransactionRig();
  const { broker, producer } = await rig.begun();
  rig.clock.advance(60_000);
  await broker.close(); // Waits for what is under way.
  const reopened = await rig.open();
  expect(reopened.topics.partition('t', 0).abortedWithin(0n, 10n)).toHaveLength(1);
  await expect(reopened.transactions.end('tx', producer, 'commit')).rejects.toMatchObject({
    code: ErrorCode.producerFenced,
  });
  await expect(rig.write(reopened, producer, 1)).rejects.toMatchObject({ code: ErrorCode.invalidProducerEpoch });
});

test('an end that is repeated is answered, the opposite end is refused', async () => {
  const rig = new TransactionRig();
  const { broker, producer } = await rig.begun();
  await broker.transactions.end('tx', producer, 'commit');
  await broker.transactions.end('tx', producer, 'commit');
  await expect(broker.transactions.end('tx', producer, 'abort')).rejects.toMatchObject({
    code: ErrorCode.invalidTxnState,
  });
  expect(broker.topics.partition('t', 0).endOffset).toBe(2n);
});

test('the next producer of the id has a higher epoch, and what was open is aborted', async () => {
  const rig = new TransactionRig();
  const { broker, producer } = await rig.begun();
  const heir = await broker.transactions.initialize('tx', 60_000, null);
  expect(heir.producerId).toBe(producer.producerId);
  expect(heir.epoch).toBeGreaterThan(producer.epoch);
  expect(broker.topics.partition('t', 0).abortedWithin(0n, 10n)).toHaveLength(1);
  expect(broker.groups.offsets.get('g', 't', 0)).toBeUndefined();
});

test('a producer that is only idempotent gets an id that no other has, also after a restart', async () => {
  const rig = new TransactionRig();
  const first = await (await rig.open()).transactions.newProducer();
  const second = await (await rig.open()).transactions.newProducer();
  expect(second.producerId).not.toBe(first.producerId);
});

test('a batch that comes behind the end of its transaction is refused, so that it holds nobody back', async () => {
  const rig = new TransactionRig();
  const { broker, producer } = await rig.begun();
  const [ended, late] = await Promise.allSettled([
    broker.transactions.end('tx', producer, 'commit'),
    rig.write(broker, producer, 1),
  ]);
  expect(ended.status).toBe('fulfilled');
  const log = broker.topics.partition('t', 0);
  expect(log.stableOffset).toBe(log.endOffset);
  // It may have been written before the marker; behind it, never.
  expect(log.endOffset).toBe(late.status === 'fulfilled' ? 3n : 2n);
});

test('a commit that is decided on a disk that then fails is carried out once the disk takes it', async () => {
  const rig = new TransactionRig();
  const { broker, producer } = await rig.begun();
  rig.disk.writeFault = (path) => (path.endsWith('.log') ? 0 : undefined);
  await expect(broker.transactions.end('tx', producer, 'commit')).rejects.toMatchObject({
    code: ErrorCode.coordinatorNotAvailable,
  });
  rig.clock.advance(1_000);
  await settled();
  expect(broker.topics.partition('t', 0).stableOffset).toBe(0n);
  rig.disk.writeFault = undefined;
  rig.clock.advance(1_000);
  await settled();
  expect(broker.topics.partition('t', 0).stableOffset).toBe(2n);
  expect(broker.groups.offsets.get('g', 't', 0)?.offset).toBe(7n);
});

test('a broker opens on a full disk with a transaction that is decided, and carries it out later', async () => {
  const rig = new TransactionRig();
  const { broker, producer } = await rig.begun();
  rig.disk.writeFault = (path) => (path.endsWith('.log') ? 0 : undefined);
  await expect(broker.transactions.end('tx', producer, 'commit')).rejects.toThrow();
  const reopened = await rig.open();
  expect(reopened.topics.partition('t', 0).stableOffset).toBe(0n);
  rig.disk.writeFault = undefined;
  rig.clock.advance(1_000);
  await settled();
  expect(reopened.topics.partition('t', 0).stableOffset).toBe(2n);
});

test('a transactional id that nobody has used for long is forgotten, an open transaction never', async () => {
  const rig = new TransactionRig();
  const { broker, producer } = await rig.begun();
  const unusedSince = rig.clock.now() + 1;
  await broker.transactions.expire(unusedSince);
  await broker.transactions.end('tx', producer, 'commit');
  await broker.transactions.expire(unusedSince);
  const again = await (await rig.open()).transactions.initialize('tx', 60_000, null);
  expect(again.producerId).not.toBe(producer.producerId);
});

/** Lets what a timer has begun on the disk in memory come to its end. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
