/** A partition log on a disk in memory, for the tests of this folder. */
import { type BatchOptions, batchOf } from '../../conformance/record-batches.ts';
import { ManualClock } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { logConfigOf } from '../topics/topic-config.ts';
import { PartitionLog } from './partition-log.ts';
import { RecordBatch, wholeBatchAt } from './record-batch.ts';
import { type BatchRecord, decodeRecords } from './records.ts';

/** Where the clock of a rig begins, and the time of its records unless they have another. */
export const startMs = 1_000_000_000;

export class LogRig {
  readonly disk = new MemoryDisk();
  readonly clock = new ManualClock(startMs);
  readonly said: string[] = [];
  readonly #configs: ReadonlyMap<string, string>;

  constructor(configs: Readonly<Record<string, string>> = {}) {
    this.#configs = new Map(Object.entries(configs));
  }

  /** Opens the log; opening it again without closing is what a crash does. */
  open(disk: Disk = this.disk): Promise<PartitionLog> {
    return PartitionLog.open({
      disk,
      clock: this.clock,
      log: (_, message) => this.said.push(message),
      folder: 'log',
      name: 'topic-0',
      config: () => logConfigOf(this.#configs),
    });
  }

  batch(...values: string[]): RecordBatch {
    return this.batchWith({ values });
  }

  batchWith(options: BatchOptions): RecordBatch {
    return new RecordBatch(batchOf({ timestampMs: this.clock.now(), ...options }));
  }

  logFiles(): string[] {
    return this.disk.paths().filter((path) => path.endsWith('.log'));
  }
}

/** Every batch from `from` on, read as a consumer would. */
export async function readBatches(log: PartitionLog, from = log.startOffset, maxBytes = 100): Promise<RecordBatch[]> {
  const batches: RecordBatch[] = [];
  for (let offset = from; offset < log.endOffset; ) {
    const bytes = await log.read(offset, maxBytes, 'read-uncommitted', true);
    if (bytes.length === 0) break;
    for (let at = 0; wholeBatchAt(bytes, at); at += new RecordBatch(bytes, at).sizeBytes) {
      const batch = new RecordBatch(bytes, at);
      batches.push(batch);
      offset = batch.lastOffset + 1n;
    }
  }
  return batches;
}

export async function readRecords(log: PartitionLog, from?: bigint): Promise<BatchRecord[]> {
  const batches = await readBatches(log, from);
  return batches.flatMap((batch) => (batch.isControl ? [] : (decodeRecords(batch) ?? [])));
}

/** `offset:value` of every record. */
export async function readText(log: PartitionLog, from?: bigint): Promise<string[]> {
  return (await readRecords(log, from)).map(({ offset, value }) => `${offset}:${value?.toString() ?? 'null'}`);
}
