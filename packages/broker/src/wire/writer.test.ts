import { expect, test } from 'vitest';
import { Writer } from './writer.ts';

test('a value that opens a new chunk leaves the chunk before it untouched', () => {
  const writer = new Writer(8);
  const records = Buffer.alloc(3_760, 7);
  writer.bytes(records);
  writer.int32(1);
  writer.int64(-1n);
  const frame = Buffer.concat(writer.frame());
  expect(frame.readInt32BE(0)).toBe(frame.length - 4);
  expect(frame.subarray(4, 4 + records.length).equals(records)).toBe(true);
  expect(frame.readInt32BE(4 + records.length)).toBe(1);
});
