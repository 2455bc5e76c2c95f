/**
 * Opening a log. Segments that were rolled or closed cleanly have a checkpoint and are not read; the rest of the log is
 * read through once, each checksum verified, and cut after the last whole batch: what follows it was never
 * acknowledged, or the disk has damaged it.
 */
import { readSealed } from '../disk/sealed-file.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { markerOf } from './control-batch.ts';
import type { LogEnvironment } from './partition-log.ts';
import { ProducerState } from './producer-state.ts';
import { Segment } from './segment.ts';
import { settleRewrites } from './segment-rewrite.ts';

export interface RecoveredLog {
  /** At least one; the last is to be written to. */
  readonly segments: Segment[];
  readonly producers: ProducerState;
  readonly startOffset: bigint;
}

export async function recoverLog(environment: LogEnvironment): Promise<RecoveredLog> {
  const { disk, folder } = environment;
  await disk.makeFolder(folder);
  const names = await disk.list(folder);
  for (const name of names) if (name.endsWith('.new')) await disk.remove(`${folder}/${name}`);
  await settleRewrites(disk, folder);
  const baseOffsets = names
    .filter((name) => /^\d{20}\.log$/.test(name))
    .map((name) => BigInt(name.slice(0, 20)))
    .sort((a, b) => (a < b ? -1 : 1));
  const startOffset = await readStartOffset(environment);
  if (baseOffsets.length === 0) baseOffsets.push(startOffset);

  const producers = new ProducerState();
  const segments: Segment[] = [];
  let checkpointedUpTo = 0n;
  for (const [i, baseOffset] of baseOffsets.entries()) {
    const segment = await Segment.open(disk, folder, baseOffset);
    if (baseOffset < checkpointedUpTo) {
      await segment.remove(); // The one before stands for it, too: a crash came before the rewritten ones were removed.
      continue;
    }
    const isCheckpointed = await recoverSegment(segment, producers, environment);
    const isSealed = i < baseOffsets.length - 1;
    if (isCheckpointed) checkpointedUpTo = segment.nextOffset;
    else if (isSealed) await segment.writeCheckpoint(producers.snapshot());
    segments.push(segment);
  }
  const first = baseOffsets[0] ?? 0n;
  return { segments, producers, startOffset: startOffset > first ? startOffset : first };
}

async function readStartOffset({ disk, folder }: LogEnvironment): Promise<bigint> {
  const value = await readSealed(disk, `${folder}/start-offset`);
  return typeof value === 'string' ? BigInt(value) : 0n;
}

/** Brings index and producers up to the end of the segment; answers whether its checkpoint was enough for it. */
async function recoverSegment(
  segment: Segment,
  producers: ProducerState,
  environment: LogEnvironment,
): Promise<boolean> {
  const checkpoint = await segment.restore();
  if (checkpoint !== undefined) producers.restore(checkpoint.producers);
  const readFrom = checkpoint?.coveredBytes ?? 0;
  let wholeBytes = readFrom;
  try {
    for await (const { batch, position } of segment.batches(readFrom)) {
      if (batch.baseOffset < segment.nextOffset || !batch.crcHolds) break;
      segment.note(batch, position);
      producers.record(batch, markerOf(batch), environment.clock.now());
      wholeBytes = position + batch.sizeBytes;
    }
  } catch (error) {
    if (!(error instanceof KafkaError && error.code === ErrorCode.corruptMessage)) throw error; // Damage is where the segment ends; a disk that can't be read is not.
  }
  const tornBytes = segment.sizeBytes - wholeBytes;
  if (tornBytes > 0) {
    environment.log(
      'warn',
      `${environment.name}: cut ${tornBytes} bytes off segment ${segment.baseOffset}, after its last whole batch`,
    );
    await segment.truncate(wholeBytes);
  }
  return checkpoint !== undefined && wholeBytes === readFrom;
}
