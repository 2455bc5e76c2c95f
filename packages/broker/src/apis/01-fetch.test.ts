import { expect, test } from 'vitest';
import { batchOf } from '../../conformance/record-batches.ts';
import { fetchRequest } from '../../conformance/requests.ts';
import { openBroker } from '../broker.ts';
import { ManualClock } from '../clock.ts';
import { defaultConfig } from '../config.ts';
import type { DiskFile } from '../disk/disk.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { RecordBatch } from '../log/record-batch.ts';
import { uuid, type ValueOf } from '../wire/schema.ts';
import { fetch } from './01-fetch.ts';

/** A disk whose reads wait for `gate`. */
class GatedDisk extends MemoryDisk {
  gate: Promise<void> = Promise.resolve();

  override async open(path: string): Promise<DiskFile> {
    const file = await super.open(path);
    const read = file.read.bind(file);
    file.read = (position, lengthBytes) => this.gate.then(() => read(position, lengthBytes));
    return file;
  }
}

test('what comes to one partition while another is being read ends the wait, and is in the answer', async () => {
  const disk = new GatedDisk();
  const clock = new ManualClock(1_000_000_000);
  const newId = () => '1'.repeat(32);
  const broker = await openBroker({ config: defaultConfig, disk, clock, log: () => {}, newId });
  await broker.topics.create('t', 2, new Map());
  const batch = () => new RecordBatch(batchOf({ values: ['v'], timestampMs: clock.now() }));
  await broker.topics.partition('t', 1).append(batch());

  let openGate = () => {};
  disk.gate = new Promise((resolve) => {
    openGate = resolve;
  });
  const empty = fetchRequest('t', { partition: 0, minBytes: batch().sizeBytes + 1, maxWaitMs: 60_000 });
  const [filled] = fetchRequest('t', { partition: 1 }).topics;
  const partitions = [...(empty.topics[0]?.partitions ?? []), ...(filled?.partitions ?? [])];
  const context = { broker, version: 11, clientId: '', clientHost: '', signal: new AbortController().signal };
  const answering = fetch.handle({ ...empty, topics: [{ name: 't', id: uuid.empty, partitions }] }, context);
  await broker.topics.partition('t', 0).append(batch()); // Partition 0 was looked at and is empty; partition 1 is being read.
  openGate();
  // The clock stands still: nothing but the record ends the wait. What a handler answers is its API's response.
  const answer = (await answering) as ValueOf<typeof fetch.response>;
  expect(answer.topics[0]?.partitions.map(({ highWatermark }) => highWatermark)).toEqual([1n, 1n]);
  expect(answer.topics[0]?.partitions.every(({ records }) => records.length > 0)).toBe(true);
  await broker.close();
});
