/** All of a partition as a reader finds it, and what of it a read_committed reader is shown. */
import { listOffsets } from '../../src/apis/02-list-offsets.ts';
import { markerOf } from '../../src/log/control-batch.ts';
import { decodeRecords } from '../../src/log/records.ts';
import { ErrorCode } from '../../src/wire/error-code.ts';
import type { RawClient } from '../raw-client.ts';
import { fetchOne } from '../requests.ts';
import { type Place, placeName } from './ledger.ts';

export interface ContentRecord {
  readonly offset: bigint;
  readonly key: string | null;
  readonly value: string | null;
  /** Whether read_committed shows it: it belongs to no transaction, or to one that was committed. */
  readonly isCommitted: boolean;
}

export interface PartitionContent {
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  /** Below the end while a transaction is open. */
  readonly stableOffset: bigint;
  readonly records: readonly ContentRecord[];
}

const maxBytes = 200_000;

export async function readPartition(client: RawClient, place: Place): Promise<PartitionContent> {
  const { topic, partition } = place;
  for (;;) {
    const startOffset = await earliest(client, place);
    const records: ContentRecord[] = [];
    for (let offset = startOffset; ; ) {
      const read = await fetchOne(client, topic, { partition, offset, committed: true, maxBytes });
      if (read.errorCode === ErrorCode.offsetOutOfRange) break; // Retention has moved the start meanwhile: once more.
      if (read.errorCode !== ErrorCode.none)
        throw new Error(`reading ${placeName(place)} at ${offset} was refused with ${read.errorCode}`);
      const last = read.batches.at(-1);
      if (last === undefined)
        return { startOffset, endOffset: read.highWatermark, stableOffset: read.lastStableOffset, records };
      records.push(...recordsOf(read).filter((record) => record.offset >= offset));
      offset = last.lastOffset + 1n;
    }
  }
}

/** As Kafka's own consumer tells aborted records: by the ranges of the answer, each ended by its marker. */
export function recordsOf({ batches, abortedTransactions }: Awaited<ReturnType<typeof fetchOne>>): ContentRecord[] {
  const aborted = [...(abortedTransactions ?? [])].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const aborting = new Set<bigint>();
  return batches.flatMap((batch) => {
    for (let next = aborted[0]; next !== undefined && next.firstOffset <= batch.lastOffset; next = aborted[0]) {
      aborting.add(next.producerId);
      aborted.shift();
    }
    if (batch.isControl) {
      if (markerOf(batch) === 'abort') aborting.delete(batch.producerId);
      return [];
    }
    if (!batch.crcHolds) throw new Error(`the checksum of the batch at ${batch.baseOffset} is wrong`);
    const isCommitted = !(batch.isTransactional && aborting.has(batch.producerId));
    const decoded = decodeRecords(batch);
    if (decoded === undefined) throw new Error(`the batch at ${batch.baseOffset} can't be decoded`);
    return decoded.map(({ offset, key, value }) => ({
      offset,
      key: key?.toString() ?? null,
      value: value?.toString() ?? null,
      isCommitted,
    }));
  });
}

async function earliest(client: RawClient, { topic, partition }: Place): Promise<bigint> {
  const wanted = { index: partition, currentLeaderEpoch: -1, timestampMs: -2n };
  const request = { ...listOffsets.request.empty, topics: [{ name: topic, partitions: [wanted] }] };
  const answer = await client.call(listOffsets, 2, request);
  const found = answer.topics[0]?.partitions[0];
  if (found?.errorCode !== ErrorCode.none)
    throw new Error(`the start of ${topic} ${partition} was refused with ${found?.errorCode}`);
  return found.offset;
}
