/** Retention: the oldest segments go when their newest record is too old, or while the log is larger than it may be. */
import type { PartitionLog } from './partition-log.ts';

/** Applies the topic's retention.ms and retention.bytes. A log that is only compacted keeps everything. */
export async function applyRetention(log: PartitionLog, nowMs: number): Promise<void> {
  const { deleted, retentionMs, retentionBytes } = log.config;
  if (!deleted) return;
  const isExpired = (maxTimestampMs: number) => retentionMs >= 0 && maxTimestampMs < nowMs - retentionMs;
  const newest = log.segments.at(-1);
  if (newest !== undefined && newest.sizeBytes > 0 && log.segments.every((one) => isExpired(one.maxTimestampMs))) {
    await log.roll(); // The segment being written to has expired as well: a new one lets it go.
  }
  let leftBytes = log.sizeBytes;
  let keptFrom = log.startOffset;
  for (const segment of log.segments.slice(0, -1)) {
    const isExcess = retentionBytes >= 0 && leftBytes - segment.sizeBytes >= retentionBytes;
    if (!isExcess && !isExpired(segment.maxTimestampMs)) break;
    leftBytes -= segment.sizeBytes;
    keptFrom = segment.nextOffset;
  }
  await log.advanceStart(keptFrom);
}
