/**
 * Transaction markers: control batches of one record, whose key is a version and a type (0 abort, 1 commit) and whose
 * value is a version and the coordinator's epoch.
 */
import type { ControlMarker } from './producer-state.ts';
import { batchHeaderBytes, RecordBatch } from './record-batch.ts';
import { decodeRecords } from './records.ts';

const controlAttributes = 0b110000;

export function controlBatch(producerId: bigint, epoch: number, marker: ControlMarker, nowMs: number): RecordBatch {
  // length 16, attributes, deltas 0, key of 4 bytes, value of 6 bytes, no headers; lengths are zigzag varints
  const record = Buffer.from([32, 0, 0, 0, 8, 0, 0, 0, marker === 'commit' ? 1 : 0, 12, 0, 0, 0, 0, 0, 0, 0]);
  const bytes = Buffer.alloc(batchHeaderBytes + record.length);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(controlAttributes, 21);
  bytes.writeBigInt64BE(BigInt(nowMs), 27);
  bytes.writeBigInt64BE(BigInt(nowMs), 35);
  bytes.writeBigInt64BE(producerId, 43);
  bytes.writeInt16BE(epoch, 51);
  bytes.writeInt32BE(-1, 53);
  bytes.writeInt32BE(1, 57);
  record.copy(bytes, batchHeaderBytes);
  const batch = new RecordBatch(bytes);
  batch.sealCrc();
  return batch;
}

/** What a control batch says; null for a batch of records, and for a control type we do not know. */
export function markerOf(batch: RecordBatch): ControlMarker | null {
  if (!batch.isControl) return null;
  const key = decodeRecords(batch)?.[0]?.key;
  if (!key || key.length < 4) return null;
  const type = key.readInt16BE(2);
  return type === 0 ? 'abort' : type === 1 ? 'commit' : null;
}
