import { expect, test } from 'vitest';
import { batchOf } from '../../conformance/record-batches.ts';
import { batchHeaderBytes, RecordBatch } from './record-batch.ts';
import { decodeRecords } from './records.ts';

test("records at offsets that are not their batch's, and at times that no clock shows, are no records", () => {
  const bytes = batchOf({ values: ['a', 'b'] });
  expect(decodeRecords(new RecordBatch(bytes))).toHaveLength(2);
  const offsetDeltaAt = batchHeaderBytes + 3; // After length, attributes and time of the first record, a byte each.
  for (const delta of [3, 4]) {
    const lying = Buffer.from(bytes);
    lying.writeUInt8(delta, offsetDeltaAt); // zigzag: -2 and 2
    expect(decodeRecords(new RecordBatch(lying)), `delta ${delta}`).toBeUndefined();
  }
  const late = Buffer.from(bytes);
  late.writeBigInt64BE(2n ** 63n - 1n, 27);
  expect(decodeRecords(new RecordBatch(late))).toBeUndefined();
});
