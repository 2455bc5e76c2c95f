import type { PartitionReader } from '../transport/partition-reader.ts';
import { partitionId, type RecordBatch, unreadableWords } from '../transport/record.ts';
import { TransportError } from '../transport/transport-error.ts';
import { type ChangelogMarker, isMarker, parseMarker } from './changelog-marker.ts';

export interface ChangelogRange {
  readonly changelog: string;
  readonly partition: number;
  readonly earliest: bigint;
  /** The broker's end. */
  readonly end: bigint;
}

export interface FoundMarker {
  readonly offset: bigint;
  readonly marker: ChangelogMarker;
}

/** Where a task's last complete flush ends. */
export interface Cut {
  readonly marker: ChangelogMarker | null;
  /** By changelog: the end of what belongs to the state. */
  readonly offsets: ReadonlyMap<string, bigint>;
  /** Changelogs without a marker. */
  readonly unmarked: readonly string[];
  /** The highest number used in any of its changelogs. */
  readonly highestFlush: number;
}

const firstWindow = 64n;
const growth = 16n;

/**
 * Finds each task's last complete flush by reading its changelogs' ends backwards, in growing windows. A marker is the last record of a flush,
 * so that the first window does unless the writer crashed in the middle of one. `tasks` are the changelog partitions of a task each.
 */
export const probeFlushes = async (
  reader: PartitionReader,
  tasks: readonly (readonly ChangelogRange[])[],
  signal: AbortSignal,
): Promise<readonly Cut[]> => {
  const found = new Map<string, FoundMarker[]>();
  let open = tasks.filter((ranges) => ranges.length > 0);
  for (let window = firstWindow, read = 0n; open.length > 0; read = window, window *= growth) {
    const ranges = open.flat().flatMap((range) => {
      const from = max(range.earliest, range.end - window);
      const to = max(range.earliest, range.end - read);
      return from < to ? [{ topic: range.changelog, partition: range.partition, from, to }] : [];
    });
    if (ranges.length > 0) await collect(reader, ranges, found, signal);
    open = open.filter(
      (task) => !cutOf(task, found).marker && task.some((range) => range.end - window > range.earliest),
    );
  }
  return tasks.map((task) => cutOf(task, found));
};

/** The batches of changelogs as they come. Throws `corrupt` at what cannot be read: state that lacks an entry is wrong, and nothing would show it. */
export async function* whole(batches: AsyncIterable<RecordBatch>): AsyncGenerator<RecordBatch> {
  for await (const batch of batches) {
    const [range] = batch.unreadable ?? [];
    if (range !== undefined) {
      const where = `${batch.topic}/${batch.partition}, which keeps this app's state: ${unreadableWords(range)}: ${range.reason}`;
      throw new TransportError(
        'corrupt',
        `${where}. Delete that topic and the app's group, to count anew from its sources`,
        {
          retriable: false,
        },
      );
    }
    yield batch;
  }
}

const collect = async (
  reader: PartitionReader,
  ranges: readonly { topic: string; partition: number; from: bigint; to: bigint }[],
  found: Map<string, FoundMarker[]>,
  signal: AbortSignal,
): Promise<void> => {
  const begin = new Map(ranges.map((range) => [partitionId(range.topic, range.partition), range.from]));
  for await (const batch of whole(reader.read(ranges, signal))) {
    const id = partitionId(batch.topic, batch.partition);
    for (const record of batch.records) {
      if (!isMarker(record.key)) continue;
      const offset = batch.baseOffset + BigInt(record.delta);
      const marker = parseMarker(record.value);
      if (!marker || offset < (begin.get(id) ?? 0n)) continue;
      const markers = found.get(id) ?? [];
      markers.push({ offset, marker });
      found.set(id, markers);
    }
  }
};

/**
 * The highest flush whose marker is in every changelog that it names and that the task still has. A changelog that the flush does not name is
 * newer than it, or was another task's: it counts from its beginning up to its own last marker, if any.
 */
const cutOf = (task: readonly ChangelogRange[], found: ReadonlyMap<string, readonly FoundMarker[]>): Cut => {
  const markersOf = (range: ChangelogRange) => found.get(partitionId(range.changelog, range.partition)) ?? [];
  const all = task.flatMap((range) => markersOf(range)).sort((a, b) => b.marker.flush - a.marker.flush);
  const named = (marker: ChangelogMarker) => task.filter((range) => marker.changelogs.includes(range.changelog));
  const complete = all.find(({ marker }) =>
    named(marker).every((range) => markersOf(range).some((other) => other.marker.flush === marker.flush)),
  );
  const offsets = new Map(
    task.map((range) => {
      const markers = markersOf(range);
      const own = markers
        .filter(({ marker }) => !complete || marker.flush <= complete.marker.flush)
        .sort((a, b) => (a.offset < b.offset ? 1 : -1))[0];
      return [range.changelog, own ? own.offset + 1n : range.earliest];
    }),
  );
  const unmarked = task.filter((range) => markersOf(range).length === 0).map(({ changelog }) => changelog);
  return { marker: complete?.marker ?? null, offsets, unmarked, highestFlush: all[0]?.marker.flush ?? 0 };
};

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
