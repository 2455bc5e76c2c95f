import { expect, test } from 'vitest';
import type { RecordBatch } from '../transport/record.ts';
import { FlowControl } from './flow-control.ts';
import { bufferMarks, PartitionBuffer } from './partition-buffer.ts';

const batchOf = (records: number): RecordBatch => ({
  topic: 'in',
  partition: 0,
  baseOffset: 0n,
  records: Array.from({ length: records }, (_, delta) => ({ delta, timestampMs: 0, key: null, value: null })),
  nextOffset: BigInt(records),
  highWatermark: BigInt(records),
  sizeBytes: 0,
});

test('[F1] a buffer holds its partition above the high mark, until it has drained to the low one', () => {
  const buffer = new PartitionBuffer(bufferMarks(10, 0.4));
  buffer.push(batchOf(10));
  expect(buffer.held).toBe(false);
  buffer.push(batchOf(5));
  expect([buffer.records, buffer.held]).toEqual([15, true]);
  buffer.drain(10);
  expect([buffer.records, buffer.held]).toEqual([5, true]);
  buffer.drain(1);
  expect([buffer.records, buffer.held]).toEqual([4, false]);
});

test('[F2] a partition is fetched again only when no reason to hold it is left', () => {
  const calls: string[] = [];
  const flow = new FlowControl({ pause: () => calls.push('pause'), resume: () => calls.push('resume') });
  flow.reset([{ topic: 'in', partition: 0 }]);
  flow.set('in', 0, 'buffer', true);
  flow.setAll('person', true);
  flow.set('in', 0, 'buffer', false);
  expect([...calls, flow.paused('in', 0)]).toEqual(['pause', true]);
  flow.setAll('person', false);
  expect([...calls, flow.paused('in', 0)]).toEqual(['pause', 'resume', false]);
});
