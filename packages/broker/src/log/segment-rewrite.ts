/**
 * Writing neighbouring segments anew as one, under the base offset of the first.
 *
 * A draft is written beside them, with a checkpoint of its own. Two things make it safe to stop at any moment:
 *
 * - The draft counts from the rename of its log over the first segment on. Before it, the originals are untouched and
 *   the draft is thrown away; after it, recovery gives the draft's checkpoint its place and removes the other originals,
 *   which by that checkpoint the new segment stands for. They go in ascending order, so that no value outlives its
 *   tombstone.
 * - The checkpoint has the producers as they stood at the end of the originals. The new log alone can't tell their
 *   sequences, since their batches may be gone. Kafka leaves an empty batch behind for each producer instead; KafkaJS
 *   asks forever for the same offset when an answer holds nothing else.
 */
import type { Disk } from '../disk/disk.ts';
import { reasonOf } from '../log-line.ts';
import type { PartitionLog } from './partition-log.ts';
import type { RecordBatch } from './record-batch.ts';
import { draftSuffix, Segment, segmentName } from './segment.ts';

/** Batches are gathered to about this size before they are written. */
const writeBytes = 1024 * 1024;

/** What becomes of a batch: itself, one with fewer records, or null to leave it out. */
export type BatchFilter = (batch: RecordBatch) => RecordBatch | null;

/** Replaces `segments`, neighbours of which none is written to, by one with what `filter` leaves of their batches. */
export async function rewriteSegments(
  log: PartitionLog,
  segments: readonly [Segment, ...Segment[]],
  filter: BatchFilter,
): Promise<void> {
  const { disk, folder } = log.environment;
  const [{ baseOffset }] = segments;
  const path = `${folder}/${segmentName(baseOffset)}`;
  try {
    await settleRewrites(disk, folder);
    await writeDraft(disk, folder, segments, filter);
    const isReplaced = await log.replaceSegments(segments, async () => {
      await disk.rename(`${path}${draftSuffix}.log`, `${path}.log`);
      await disk.rename(`${path}${draftSuffix}.checkpoint`, `${path}.checkpoint`);
      const rewritten = await Segment.open(disk, folder, baseOffset);
      await rewritten.restore();
      return [rewritten];
    });
    // Only now: a reader who finds its segment closed looks for the one in its place.
    if (isReplaced) await retire(segments, log);
  } catch (error) {
    if (segments.every((one) => log.segments.includes(one))) throw error; // Else retired, by DeleteRecords, while they were read.
  } finally {
    await settleRewrites(disk, folder); // A draft that did not get its place would only take up the disk.
  }
}

/** From here on the new segment stands for them: a failure is said, and what is left goes with the next opening. */
async function retire([first, ...others]: readonly [Segment, ...Segment[]], log: PartitionLog): Promise<void> {
  try {
    await first.close();
    for (const segment of others) await segment.remove();
  } catch (error) {
    const { name } = log.environment;
    log.environment.log('warn', `${name}: a compacted segment could not be removed: ${reasonOf(error)}`);
  }
}

/** Ends what a crash has interrupted: a rewrite whose log is in place is completed, any other is undone. */
export async function settleRewrites(disk: Disk, folder: string): Promise<void> {
  const names = await disk.list(folder);
  const draftCheckpoint = `${draftSuffix}.checkpoint`;
  const draftLog = `${draftSuffix}.log`;
  for (const name of names.filter((one) => one.endsWith(draftCheckpoint))) {
    const segment = name.slice(0, -draftCheckpoint.length);
    // Removed before its log is, or the next to look would take the rewrite for one whose log is in place.
    if (names.includes(segment + draftLog)) await disk.remove(`${folder}/${name}`);
    else await disk.rename(`${folder}/${name}`, `${folder}/${segment}.checkpoint`);
  }
  for (const name of names.filter((one) => one.endsWith(draftLog))) await disk.remove(`${folder}/${name}`);
}

async function writeDraft(
  disk: Disk,
  folder: string,
  segments: readonly [Segment, ...Segment[]],
  filter: BatchFilter,
): Promise<void> {
  const last = segments.at(-1) ?? segments[0];
  const checkpoint = await last.readCheckpoint();
  if (checkpoint === undefined) throw new Error(`the checkpoint of segment ${last.baseOffset} is damaged`);
  const draft = await Segment.open(disk, folder, segments[0].baseOffset, true);
  try {
    let gathered: RecordBatch[] = [];
    let gatheredBytes = 0;
    for (const segment of segments) {
      for await (const batch of segment.soundBatches()) {
        const kept = filter(batch);
        if (kept === null) continue;
        gathered.push(kept);
        gatheredBytes += kept.sizeBytes;
        if (gatheredBytes < writeBytes) continue;
        await draft.append(...gathered);
        gathered = [];
        gatheredBytes = 0;
      }
    }
    await draft.append(...gathered);
    draft.coverUpTo(last.nextOffset);
    await draft.sync(); // The originals are about to go: this is the only copy.
    await draft.writeCheckpoint(checkpoint.producers, true);
  } finally {
    await draft.close();
  }
}
