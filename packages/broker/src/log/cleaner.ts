/**
 * Compaction, as Kafka's log cleaner does it: of each key only the last record stays, at the offset it has; tombstones go
 * once readers had the time to see them; records without a key, of before the topic was compacted, and the records of
 * aborted transactions go at once. Only segments that are no longer written to and hold no open transaction are cleaned.
 *
 * Batches that can't be looked into (zstd before Node 22.15, or no records at all under a good checksum) stay as they are;
 * no tombstone after them goes, since it may be hiding a value in them.
 */

import { AbortedRanges, NeededMarkers } from './cleaned-transactions.ts';
import { CleaningHistory } from './cleaning-history.ts';
import type { PartitionLog } from './partition-log.ts';
import type { RecordBatch } from './record-batch.ts';
import { type BatchRecord, decodeRecords, withRecords } from './records.ts';
import type { Segment } from './segment.ts';
import { rewriteSegments } from './segment-rewrite.ts';

/** What the keys of one cleaning may take in memory; what does not fit is left to the next. */
const maxKeyBytes = 64 * 1024 * 1024;
/** What a map's entry takes besides the key's own bytes. */
const entryOverheadBytes = 100;

/** Compacts the log if its topic asks for it and enough of it is dirty. Answers whether it did. */
export async function cleanLog(log: PartitionLog, nowMs: number): Promise<boolean> {
  const { compacted, minCleanableDirtyRatio, minCompactionLagMs, maxCompactionLagMs } = log.config;
  const { deleteRetentionMs, segmentBytes } = log.config;
  if (!compacted) return false;
  const history = await CleaningHistory.load(log.environment);
  const cleanable = cleanableSegments(
    log,
    minCompactionLagMs === 0 ? Number.POSITIVE_INFINITY : nowMs - minCompactionLagMs,
  );
  const dirty = cleanable.filter((segment) => segment.nextOffset > history.cleanedUpTo);
  const ratio = sizeOf(dirty) / sizeOf(cleanable);
  const isOverdue = dirty.some((segment) => segment.firstTimestampMs < nowMs - maxCompactionLagMs);
  if (dirty.length === 0 || (ratio < minCleanableDirtyRatio && !isOverdue)) return false;

  const pass = new CleaningPass(log, history.cleanedBy(nowMs - deleteRetentionMs));
  const upTo = await pass.readKeys(dirty, history.cleanedUpTo);
  const toRewrite = cleanable.filter((segment) => segment.baseOffset < upTo);
  for (const group of groupsWithin(toRewrite, segmentBytes)) {
    await rewriteSegments(log, group, (batch) => pass.filter(batch));
  }
  await history.add(upTo, nowMs, nowMs - deleteRetentionMs);
  return true;
}

/** The segments before the first that is written to, undecided or too young. */
function cleanableSegments(log: PartitionLog, oldestMs: number): Segment[] {
  const sealed = log.segments.slice(0, -1);
  const end = sealed.findIndex((one) => one.nextOffset > log.stableOffset || one.maxTimestampMs > oldestMs);
  return end < 0 ? sealed : sealed.slice(0, end);
}

function sizeOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
}

/** Neighbours that together are no larger than a segment may be: each group becomes one segment. */
function groupsWithin(segments: readonly Segment[], segmentBytes: number): [Segment, ...Segment[]][] {
  const groups: [Segment, ...Segment[]][] = [];
  for (const segment of segments) {
    const group = groups.at(-1);
    if (group !== undefined && sizeOf(group) + segment.sizeBytes <= segmentBytes) group.push(segment);
    else groups.push([segment]);
  }
  return groups;
}

class CleaningPass {
  readonly #aborted: AbortedRanges;
  readonly #markers = new NeededMarkers();
  /** Tombstones before it, and markers that have lost their records, have been there long enough. */
  readonly #delayedGoBefore: bigint;
  readonly #lastOffsets = new Map<string, bigint>();
  /** Keys are known before it. */
  #upTo = 0n;
  #hasOpaque = false;

  constructor(log: PartitionLog, delayedGoBefore: bigint) {
    this.#aborted = new AbortedRanges(log.abortedWithin(log.startOffset, log.endOffset));
    this.#delayedGoBefore = delayedGoBefore;
  }

  /** Learns the last offset of every key; answers the offset up to which it got before its memory was full. */
  async readKeys(segments: readonly Segment[], from: bigint): Promise<bigint> {
    let keyBytes = 0;
    this.#upTo = from;
    for (const segment of segments) {
      for await (const batch of segment.soundBatches()) {
        if (batch.lastOffset < from) continue;
        if (keyBytes > maxKeyBytes) return this.#upTo;
        const records = batch.isControl || this.#aborted.holds(batch) ? [] : (decodeRecords(batch) ?? []);
        for (const { key, offset } of records) {
          if (key === null) continue;
          const name = key.toString('latin1');
          if (!this.#lastOffsets.has(name)) keyBytes += key.length + entryOverheadBytes;
          this.#lastOffsets.set(name, offset);
        }
        this.#upTo = batch.lastOffset + 1n;
      }
      this.#upTo = segment.nextOffset;
    }
    return this.#upTo;
  }

  /** The batch as it is, with fewer records, or null when none of them stays. Shown every batch in order. */
  filter(batch: RecordBatch): RecordBatch | null {
    if (batch.isControl) {
      return this.#markers.isNeeded(batch) || batch.baseOffset >= this.#delayedGoBefore ? batch : null;
    }
    if (this.#aborted.holds(batch)) return null;
    const kept = this.#filterRecords(batch);
    if (kept !== null) this.#markers.noteKept(kept);
    return kept;
  }

  #filterRecords(batch: RecordBatch): RecordBatch | null {
    const records = decodeRecords(batch);
    if (records === undefined) {
      this.#hasOpaque = true;
      return batch;
    }
    const kept = records.filter((record) => this.#stays(record));
    if (kept.length === 0) return null;
    return kept.length === records.length ? batch : withRecords(batch, kept);
  }

  #stays({ key, value, offset }: BatchRecord): boolean {
    if (offset >= this.#upTo) return true;
    if (key === null) return false;
    const last = this.#lastOffsets.get(key.toString('latin1'));
    if (last !== undefined && last > offset) return false;
    return value !== null || this.#hasOpaque || offset >= this.#delayedGoBefore;
  }
}
