import type { TopicRecord } from '@millrace/protocol';
import type { ConsumedRecord, PartitionOffsets, PartitionReader, RecordBatch } from '@millrace/streams';
import type { SeenRecord } from './record-decoder.ts';

/** Decodes a record; null: it does not match. */
export type Match = (batch: RecordBatch, record: ConsumedRecord) => SeenRecord | null;

export interface Page {
  readonly records: readonly TopicRecord[];
  /** Where reading on begins, a partition each. */
  readonly next: readonly { readonly partition: number; readonly offset: string }[];
}

/** At most this many records of a partition are looked at for one page. */
const maxScanned = 50_000;
const minChunk = 100;

interface Found {
  readonly seen: SeenRecord;
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
  reader: PartitionReader,
  topic: string,
  offsets: readonly PartitionOffsets[],
  limit: number,
  match: Match,
): Promise<Page> {
  const found = await Promise.all(offsets.map((partition) => readBackwards(reader, topic, partition, limit, match)));
  const records = found
    .flat()
    .sort((a, b) => b.seen.record.timestampMs - a.seen.record.timestampMs || Number(b.offset - a.offset))
    .slice(0, limit)
    .map(({ seen }) => seen.record);
  return { records, next: offsets.map(({ partition, latest }) => ({ partition, offset: String(latest) })) };
}

/** The first matching records from given offsets, by time. */
export async function pageFrom(
  reader: PartitionReader,
  ranges: readonly Range[],
  limit: number,
  match: Match,
): Promise<Page> {
  const parts = await Promise.all(
    ranges.map(async (range) => ({ range, ...(await readForwards(reader, range, limit, match)) })),
  );
  const taken = new Set(
    parts
      .flatMap(({ found }) => found)
      .sort((a, b) => a.seen.record.timestampMs - b.seen.record.timestampMs)
      .slice(0, limit),
  );
  // A partition's records stay in its order: what comes after the first one left out is left out, too.
  const next = parts.map(({ range, found, end }) => {
    const firstLeft = found.find((each) => !taken.has(each));
    if (firstLeft !== undefined) for (const each of found) if (each.offset >= firstLeft.offset) taken.delete(each);
    return { partition: range.partition, offset: String(firstLeft?.offset ?? end) };
  });
  const records = [...taken]
    .sort((a, b) => a.seen.record.timestampMs - b.seen.record.timestampMs)
    .map(({ seen }) => seen.record);
  return { records, next };
}

/** Newest first. */
export async function readBackwards(
  reader: PartitionReader,
  topic: string,
  { partition, earliest, latest }: PartitionOffsets,
  limit: number,
  match: Match,
  enough: (chunk: readonly Found[]) => boolean = () => false,
): Promise<Found[]> {
  const all: Found[] = [];
  let chunk = BigInt(Math.max(minChunk, limit));
  let to = latest;
  while (to > earliest && all.length < limit && latest - to < BigInt(maxScanned)) {
    const from = to - chunk > earliest ? to - chunk : earliest;
    const { found } = await scan(reader, { topic, partition, from, to }, Number.POSITIVE_INFINITY, match);
    all.push(...found.reverse());
    if (enough(found)) break;
    to = from;
    chunk *= 4n;
  }
  return all.slice(0, limit);
}

async function readForwards(
  reader: PartitionReader,
  range: Range,
  limit: number,
  match: Match,
): Promise<{ found: Found[]; end: bigint }> {
  const most = range.from + BigInt(maxScanned);
  return scan(reader, { ...range, to: range.to < most ? range.to : most }, limit, match);
}

/** In offset order, until `limit` match; `end`: the offset after the last one looked at. */
async function scan(
  reader: PartitionReader,
  range: Range,
  limit: number,
  match: Match,
): Promise<{ found: Found[]; end: bigint }> {
  const found: Found[] = [];
  if (range.from >= range.to) return { found, end: range.from };
  for await (const batch of reader.read([range])) {
    for (const record of batch.records) {
      const offset = batch.baseOffset + BigInt(record.delta);
      if (offset < range.from) continue;
      if (offset >= range.to) break;
      const seen = match(batch, record);
      if (seen === null) continue;
      found.push({ seen, offset });
      if (found.length >= limit) return { found, end: offset + 1n };
    }
  }
  return { found, end: range.to };
}
