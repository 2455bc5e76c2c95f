import type { TopicRecord } from '@millrace/protocol';
import type { PartitionOffsets, PartitionReader, RecordBatch } from '@millrace/streams';
import { type Entry, entriesOf, offsetOf } from './batch-entries.ts';
import type { Search } from './search.ts';

/** Decodes a record; null: it does not match. */
export type Match = (batch: RecordBatch, entry: Entry) => TopicRecord | null;

/** What pages are read with. */
export type RangeReader = Pick<PartitionReader, 'read'>;

export interface Position {
  readonly partition: number;
  readonly offset: string;
}

export interface Page {
  readonly records: readonly TopicRecord[];
  /** Where reading on begins, a partition each: after what was read; of the newest, after the end as it was. */
  readonly next: readonly Position[];
  /** Of the newest: all from these offsets on was looked at, and looking further back begins below them. */
  readonly before: readonly Position[];
  /** How many records were looked at. */
  readonly looked: number;
  /** Whether nothing is left to look at in that direction. */
  readonly done: boolean;
}

/** At most this many records of a partition are looked at for one page. */
const maxScanned = 50_000;
const minChunk = 20;
/** Of records that are shown whole, a page holds at most about this much. */
const maxPageBytes = 8 * 1024 * 1024;

interface Found {
  readonly record: TopicRecord;
  readonly offset: bigint;
}

export interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** The newest matching records, newest first: each partition is read backwards, chunk by chunk, until there are enough. */
export async function newestPage(
  reader: RangeReader,
  topic: string,
  offsets: readonly PartitionOffsets[],
  limit: number,
  match: Match,
  search: Search,
): Promise<Page> {
  const parts = await Promise.all(
    offsets.map(async (partition) => ({
      ...partition,
      ...(await readBackwards(reader, topic, partition, roomOf(limit, offsets.length), match, search)),
    })),
  );
  const { records, left } = merged(parts, limit, (a, b) => b.record.timestampMs - a.record.timestampMs);
  const before = parts.map(({ partition, from }, index) => {
    const first = left[index];
    return { partition, offset: first === undefined ? from : first.offset + 1n };
  });
  return {
    records,
    next: offsets.map(({ partition, latest }) => ({ partition, offset: String(latest) })),
    before: before.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
    looked: search.looked,
    done: parts.every(({ earliest }, index) => (before[index]?.offset ?? earliest) <= earliest),
  };
}

/** The first matching records from given offsets, by time. */
export async function pageFrom(
  reader: RangeReader,
  ranges: readonly Range[],
  limit: number,
  match: Match,
  search: Search,
): Promise<Page> {
  const parts = await Promise.all(
    ranges.map(async (range) => ({
      range,
      ...(await readForwards(reader, range, roomOf(limit, ranges.length), match, search)),
    })),
  );
  const { records, left } = merged(parts, limit, (a, b) => a.record.timestampMs - b.record.timestampMs);
  const next = parts.map(({ range, end }, index) => ({
    partition: range.partition,
    offset: left[index]?.offset ?? end,
  }));
  return {
    records,
    next: next.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
    before: [],
    looked: search.looked,
    done: parts.every(({ range }, index) => (next[index]?.offset ?? range.to) >= range.to),
  };
}

/** The best `limit` of several partitions, each of which stays in its own order; and of each the first that was left out. */
function merged(
  parts: readonly { readonly found: readonly Found[] }[],
  limit: number,
  order: (a: Found, b: Found) => number,
): { readonly records: TopicRecord[]; readonly left: readonly (Found | undefined)[] } {
  const at = parts.map(() => 0);
  const heads = () => parts.map(({ found }, index) => found[at[index] ?? 0]);
  const records: TopicRecord[] = [];
  while (records.length < limit) {
    let best: { readonly head: Found; readonly index: number } | undefined;
    for (const [index, head] of heads().entries())
      if (head !== undefined && (best === undefined || order(head, best.head) < 0)) best = { head, index };
    if (best === undefined) break;
    records.push(best.head.record);
    at[best.index] = (at[best.index] ?? 0) + 1;
  }
  return { records, left: heads() };
}

/** What one partition may put into a page. */
export interface Room {
  readonly records: number;
  readonly bytes: number;
}

export const roomOf = (records: number, partitions: number): Room => ({ records, bytes: maxPageBytes / partitions });

/** Newest first. `from`: all from there on was looked at. */
export async function readBackwards(
  reader: RangeReader,
  topic: string,
  { partition, earliest, latest }: PartitionOffsets,
  room: Room,
  match: Match,
  search: Search,
  enough: () => boolean = () => false,
): Promise<{ readonly found: readonly Found[]; readonly from: bigint }> {
  const all: Found[] = [];
  let chunk = BigInt(Math.max(minChunk, room.records));
  let to = latest;
  while (to > earliest && latest - to < BigInt(maxScanned)) {
    const rest = BigInt(maxScanned) - (latest - to);
    const size = chunk < rest ? chunk : rest;
    const from = to - size > earliest ? to - size : earliest;
    const { leftMs } = search;
    const left = { records: room.records - all.length, bytes: room.bytes - bytesIn(all) };
    // The first chunk is looked at to its end, however long that takes: every search gets on.
    const part = await scan(reader, { topic, partition, from, to }, match, search, to < latest, newestOf(left));
    if (part.end < to) break;
    all.push(...part.found.reverse());
    if (part.full) return { found: all, from: all.at(-1)?.offset ?? to };
    to = from;
    const tookMs = leftMs - search.leftMs;
    if (enough() || tookMs > search.leftMs) break;
    if (tookMs * 4 < search.leftMs) chunk *= 4n;
  }
  return { found: all, from: to };
}

function readForwards(reader: RangeReader, range: Range, room: Room, match: Match, search: Search): Promise<Scanned> {
  const most = range.from + BigInt(maxScanned);
  return scan(reader, { ...range, to: range.to < most ? range.to : most }, match, search, true, firstOf(room));
}

/** Takes a match; whether there is room for more, and whether those behind it are still wanted. */
type Take = (found: Found[], next: Found) => 'more' | 'full' | 'enough';

/** The first that there is room for, one at the least. */
function firstOf(room: Room): Take {
  let bytes = 0;
  return (found, next) => {
    found.push(next);
    bytes += bytesOf(next);
    return found.length >= room.records || bytes >= room.bytes ? 'enough' : 'more';
  };
}

/** The last that there is room for, one at the least. */
function newestOf(room: Room): Take {
  let bytes = 0;
  let full = false;
  return (found, next) => {
    found.push(next);
    bytes += bytesOf(next);
    full ||= found.length >= room.records || bytes >= room.bytes;
    while (found.length > 1 && (found.length > room.records || bytes > room.bytes)) {
      const [oldest] = found.splice(0, 1);
      bytes -= oldest === undefined ? 0 : bytesOf(oldest);
    }
    return full ? 'full' : 'more';
  };
}

interface Scanned {
  readonly found: Found[];
  /** The offset after the last one looked at. */
  readonly end: bigint;
  /** Whether there was no room for more. */
  readonly full: boolean;
}

/** In offset order. Where it may stop, it does so when the search has taken its time, after one record at the least. */
async function scan(
  reader: RangeReader,
  range: Range,
  match: Match,
  search: Search,
  mayStop: boolean,
  take: Take,
): Promise<Scanned> {
  const found: Found[] = [];
  let full = false;
  if (range.from >= range.to) return { found, end: range.from, full };
  for await (const batch of reader.read([range], search.signal)) {
    for (const entry of entriesOf(batch)) {
      const offset = offsetOf(batch, entry);
      if (offset < range.from) continue;
      if (offset >= range.to) break;
      const matching = match(batch, entry);
      if (search.look()) await search.rest();
      const taken = matching === null ? 'more' : take(found, { record: matching, offset });
      full ||= taken !== 'more';
      if (taken === 'enough' || (mayStop && search.leftMs === 0)) return { found, end: offset + 1n, full };
    }
  }
  search.signal?.throwIfAborted();
  return { found, end: range.to, full };
}

/** Records in part are small. */
const bytesOf = ({ record: { cut, sizeBytes } }: Found): number => (cut ? 0 : sizeBytes);
const bytesIn = (all: readonly Found[]): number => all.reduce((total, each) => total + bytesOf(each), 0);
