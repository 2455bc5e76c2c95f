import type { WorkCursor } from '../poison/work-cursor.ts';
import type { TransportAdmin } from '../transport/admin.ts';
import type { PartitionReader, ReadRange } from '../transport/partition-reader.ts';
import { type ProducedRecord, partitionId, type RecordBatch } from '../transport/record.ts';
import { type ChangelogMarker, isMarker } from './changelog-marker.ts';
import { type ChangelogRange, type Cut, probeFlushes, whole } from './flush-probe.ts';
import type { TablePartition } from './table-partition.ts';

export interface RestoreJob {
  readonly task: string;
  readonly partition: number;
  /** The tables to fill, empty when handed in. */
  readonly tables: readonly TablePartition[];
}

export interface RestoredTask {
  /** The flush that the state ends with; null: there was none, and the state is empty. */
  readonly marker: ChangelogMarker | null;
  /** The number of the task's next flush. */
  readonly nextFlush: number;
  /** Changelog records that take back what an unfinished flush wrote; to be sent before anything else. */
  readonly undo: readonly ProducedRecord[];
  /** Changelogs that hold no flush at all. */
  readonly unmarked: readonly string[];
  /** Changelogs whose first records were deleted, with the offset at which they begin now. */
  readonly cutOff: ReadonlyMap<string, bigint>;
  /** Changelog offsets read. */
  readonly records: number;
}

export interface RestoreListener {
  /** Of one task, in changelog offsets. */
  progress(task: string, done: number, total: number): void;
  /** The task's tables are whole. Called once a task, as soon as it is. */
  restored(task: string, outcome: RestoredTask): void;
}

interface Progress {
  readonly job: RestoreJob;
  readonly cut: Cut;
  readonly ranges: readonly ChangelogRange[];
  readonly undo: Map<string, ProducedRecord>;
  /** By changelog. */
  readonly at: Map<string, bigint>;
  readonly total: number;
  done: number;
}

/** Fills tables from their changelogs: up to the last complete flush, taking back what came after it. All tasks side by side. */
export class TableManager {
  readonly #admin: TransportAdmin;
  readonly #reader: PartitionReader;
  readonly #cursor: WorkCursor;

  constructor(admin: TransportAdmin, reader: PartitionReader, cursor: WorkCursor) {
    this.#admin = admin;
    this.#reader = reader;
    this.#cursor = cursor;
  }

  /** The broker's ends of a task's changelogs, by changelog. */
  async ends(changelogs: Iterable<string>, partition: number): Promise<ReadonlyMap<string, bigint>> {
    const ends = new Map<string, bigint>();
    for (const changelog of changelogs) {
      const found = (await this.#admin.offsets(changelog)).find((offsets) => offsets.partition === partition);
      ends.set(changelog, found?.latest ?? 0n);
    }
    return ends;
  }

  /** Resolves when every task is restored, or the signal aborted. Throws what the transport throws; tasks already told as restored are whole. */
  async restore(jobs: readonly RestoreJob[], listener: RestoreListener, signal: AbortSignal): Promise<void> {
    const ranges = await this.#ranges(jobs);
    const cuts = await probeFlushes(this.#reader, ranges, signal);
    if (signal.aborted) return;
    const undos = await this.#unfinished(ranges, cuts, signal);
    if (signal.aborted) return;

    const open = new Map<string, Progress>();
    const reads: ReadRange[] = [];
    jobs.forEach((job, index) => {
      const cut = cuts[index];
      if (!cut) return;
      const progress: Progress = {
        job,
        cut,
        ranges: ranges[index] ?? [],
        undo: undos[index] ?? new Map(),
        at: new Map(),
        total: totalOf(ranges[index] ?? [], cut),
        done: 0,
      };
      for (const range of ranges[index] ?? []) {
        const to = cut.offsets.get(range.changelog) ?? range.earliest;
        if (to <= range.earliest) continue;
        progress.at.set(range.changelog, range.earliest);
        reads.push({ topic: range.changelog, partition: range.partition, from: range.earliest, to });
        open.set(partitionId(range.changelog, range.partition), progress);
      }
      listener.progress(job.task, 0, progress.total);
      if (progress.at.size === 0) listener.restored(job.task, outcomeOf(progress));
    });
    if (reads.length === 0) return;

    for await (const batch of whole(this.#reader.read(reads, signal))) {
      if (signal.aborted) return;
      const progress = open.get(partitionId(batch.topic, batch.partition));
      if (!progress?.at.has(batch.topic)) continue;
      this.#apply(progress, batch, listener);
    }
    if (signal.aborted) return;
    for (const progress of new Set(open.values())) {
      if (progress.at.size > 0) listener.restored(progress.job.task, outcomeOf(progress));
    }
  }

  #apply(progress: Progress, batch: RecordBatch, listener: RestoreListener): void {
    this.#cursor.task('restore', progress.job.task);
    try {
      apply(progress, batch);
    } catch (error) {
      throw this.#cursor.fault(error);
    }
    this.#cursor.end();
    listener.progress(progress.job.task, progress.done, progress.total);
    if (progress.at.size === 0) listener.restored(progress.job.task, outcomeOf(progress));
  }

  async #ranges(jobs: readonly RestoreJob[]): Promise<readonly (readonly ChangelogRange[])[]> {
    const topics = new Set(jobs.flatMap((job) => job.tables.map((table) => table.changelog)));
    const offsets = new Map(
      await Promise.all([...topics].map(async (topic) => [topic, await this.#admin.offsets(topic)] as const)),
    );
    return jobs.map((job) =>
      job.tables.map(({ changelog }) => {
        const found = offsets.get(changelog)?.find((partition) => partition.partition === job.partition);
        return { changelog, partition: job.partition, earliest: found?.earliest ?? 0n, end: found?.latest ?? 0n };
      }),
    );
  }

  /** What each task's unfinished flush wrote, as tombstones: of a key that has an earlier value, that value takes the tombstone's place later. */
  async #unfinished(
    ranges: readonly (readonly ChangelogRange[])[],
    cuts: readonly Cut[],
    signal: AbortSignal,
  ): Promise<readonly Map<string, ProducedRecord>[]> {
    const undos = ranges.map(() => new Map<string, ProducedRecord>());
    const owners = new Map<string, Map<string, ProducedRecord>>();
    const reads = ranges.flatMap((task, index) =>
      task.flatMap((range) => {
        const from = cuts[index]?.offsets.get(range.changelog) ?? range.earliest;
        const undo = undos[index];
        if (from >= range.end || !undo) return [];
        owners.set(partitionId(range.changelog, range.partition), undo);
        return [{ topic: range.changelog, partition: range.partition, from, to: range.end }];
      }),
    );
    if (reads.length === 0) return undos;
    for await (const batch of whole(this.#reader.read(reads, signal))) {
      const undo = owners.get(partitionId(batch.topic, batch.partition));
      for (const record of batch.records) {
        if (!undo || record.key === null || isMarker(record.key)) continue;
        undo.set(undoKey(batch.topic, record.key), {
          topic: batch.topic,
          partition: batch.partition,
          key: record.key,
          value: null,
          timestampMs: record.timestampMs,
        });
      }
    }
    return undos;
  }
}

const apply = (progress: Progress, batch: RecordBatch): void => {
  const at = progress.at.get(batch.topic);
  const to = progress.cut.offsets.get(batch.topic);
  const table = progress.job.tables.find(({ changelog }) => changelog === batch.topic);
  if (at === undefined || to === undefined || !table) return;
  const entries = entriesOf(batch, at, to);
  if (progress.undo.size > 0) {
    for (const record of entries.records) {
      if (record.key === null || !progress.undo.has(undoKey(batch.topic, record.key))) continue;
      const { delta, ...rest } = record;
      progress.undo.set(undoKey(batch.topic, record.key), { topic: batch.topic, partition: batch.partition, ...rest });
    }
  }
  if (entries.records.length > 0) table.restore(entries);
  const next = batch.nextOffset < to ? batch.nextOffset : to;
  progress.done += Number(next - at);
  if (next < to) progress.at.set(batch.topic, next);
  else progress.at.delete(batch.topic);
};

/** The batch without markers, and without what lies outside `[from, to)`. */
const entriesOf = (batch: RecordBatch, from: bigint, to: bigint): RecordBatch => {
  const low = Number(from - batch.baseOffset);
  const high = Number(to - batch.baseOffset);
  const records = batch.records.filter(({ delta, key }) => delta >= low && delta < high && !isMarker(key));
  return records.length === batch.records.length ? batch : { ...batch, records };
};

const outcomeOf = (progress: Progress): RestoredTask => ({
  marker: progress.cut.marker,
  nextFlush: progress.cut.highestFlush + 1,
  undo: [...progress.undo.values()],
  unmarked: progress.cut.unmarked,
  // Compacting leaves a log's start where it is; only deleting moves it.
  cutOff: new Map(
    progress.ranges.flatMap(({ changelog, earliest, end }) =>
      earliest > 0n && end > earliest ? [[changelog, earliest]] : [],
    ),
  ),
  records: progress.done,
});

const totalOf = (ranges: readonly ChangelogRange[], cut: Cut): number =>
  ranges.reduce((sum, range) => sum + Number((cut.offsets.get(range.changelog) ?? range.earliest) - range.earliest), 0);

const undoKey = (changelog: string, key: Buffer): string => `${changelog}\u0000${key.toString('latin1')}`;
