/**
 * Writing neighbouring segments anew as one, under the base offset of the first. The new file is written beside and
 * renamed over the first; a crash in between leaves originals next to it, whose offsets overlap, which readers do not
 * notice (they go by offset) and the next cleaning settles.
 */
import { must } from '../assert.ts';
import type { PartitionLog } from './partition-log.ts';
import type { ProducerSnapshot } from './producer-state.ts';
import type { RecordBatch } from './record-batch.ts';
import { Segment, segmentName } from './segment.ts';

/** Batches are gathered to about this size before they are written. */
const writeBytes = 1024 * 1024;

/** Replaces `segments` by one with what `filter` makes of each batch; null leaves a batch out. */
export async function rewriteSegments(
  log: PartitionLog,
  segments: readonly Segment[],
  filter: (batch: RecordBatch) => RecordBatch | null,
): Promise<void> {
  const { disk, folder } = log.environment;
  const baseOffset = must(segments[0], 'there is a segment to rewrite').baseOffset;
  const path = `${folder}/${segmentName(baseOffset)}`;
  await disk.remove(`${path}.cleaned`);
  const file = await disk.open(`${path}.cleaned`);
  try {
    let gathered: Buffer[] = [];
    let gatheredBytes = 0;
    const flush = async () => {
      if (gatheredBytes > 0) await file.append(gathered);
      gathered = [];
      gatheredBytes = 0;
    };
    for (const segment of segments) {
      for await (const { batch } of segment.batches()) {
        const kept = filter(batch);
        if (kept === null) continue;
        gathered.push(kept.bytes);
        gatheredBytes += kept.sizeBytes;
        if (gatheredBytes >= writeBytes) await flush();
      }
    }
    await flush();
    await file.sync(); // The originals are about to go: this is the only copy.
  } finally {
    await file.close();
  }
  await log.replaceSegments(segments, async () => {
    const producers = await producersAfter(segments);
    // In this order every crash leaves all records on disk: the new file takes the first one's place, then the rest goes.
    await disk.remove(`${path}.checkpoint`);
    await disk.rename(`${path}.cleaned`, `${path}.log`);
    for (const segment of segments) await (segment.baseOffset === baseOffset ? segment.close() : segment.remove());
    const rewritten = await Segment.open(disk, folder, baseOffset);
    for await (const { batch, position } of rewritten.batches()) rewritten.note(batch, position);
    if (producers !== undefined) await rewritten.writeCheckpoint(producers);
    return [rewritten];
  });
}

/** The producers as they stood at the end of the last segment, which its checkpoint has. */
async function producersAfter(segments: readonly Segment[]): Promise<ProducerSnapshot | undefined> {
  return (await segments.at(-1)?.restore())?.producers;
}
