import { TransportError } from '@millrace/streams';
import type { AbortedTransaction } from '../records/aborted-transactions.ts';
import type { RecordSet } from '../records/record-set.ts';

/** One partition of a Fetch response; its records still as bytes, views into the response. */
export interface FetchedPartition extends RecordSet {
  readonly errorCode: number;
  /** The log's end: with what lies behind an open transaction, too. */
  readonly logEnd: bigint;
}

/** Splits a Fetch response, versions 4 to 11, into its partitions. Throws `protocol` for other versions and for an error of the whole. */
export function splitFetchResponse(response: Buffer, version: number, uncommitted: boolean): FetchedPartition[] {
  if (version < 4 || version > 11) {
    throw new TransportError('protocol', `Fetch version ${version} is not read: Kafka 0.11 or later is needed`, {
      retriable: false,
    });
  }
  const partitions: FetchedPartition[] = [];
  let at = 4; // throttle time
  if (version >= 7) {
    failedAsAWhole(response.readInt16BE(at));
    at += 6; // error code, session id
  }
  const topicCount = response.readInt32BE(at);
  at += 4;
  for (let t = 0; t < topicCount; t++) {
    const nameLength = response.readInt16BE(at);
    const topic = response.toString('utf8', at + 2, at + 2 + nameLength);
    at += 2 + nameLength;
    const partitionCount = response.readInt32BE(at);
    at += 4;
    for (let p = 0; p < partitionCount; p++) {
      const partition = response.readInt32BE(at);
      const errorCode = response.readInt16BE(at + 4);
      const highWatermark = response.readBigInt64BE(at + 6);
      const stableOffset = response.readBigInt64BE(at + 14);
      at += 22;
      if (version >= 5) at += 8; // log start offset
      const end = uncommitted || stableOffset < 0n ? highWatermark : stableOffset;
      const abortedCount = response.readInt32BE(at); // −1: none are told
      at += 4;
      const aborted: AbortedTransaction[] = [];
      for (let a = 0; a < abortedCount; a++, at += 16) {
        aborted.push({ producerId: response.readBigInt64BE(at), firstOffset: response.readBigInt64BE(at + 8) });
      }
      if (version >= 11) at += 4; // preferred read replica
      const size = Math.max(0, response.readInt32BE(at));
      at += 4;
      const bytes = response.subarray(at, at + size);
      partitions.push({ topic, partition, errorCode, end, logEnd: highWatermark, aborted, bytes });
      at += size;
    }
  }
  return partitions;
}

/** Throws for an error that is no partition's. */
export function failedAsAWhole(errorCode: number): void {
  if (errorCode !== 0) throw new TransportError('protocol', `a fetch failed with ${errorCode}`, { retriable: true });
}
