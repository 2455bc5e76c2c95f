import type { ChannelRequest, RecordEntity, TopicRecord } from '@millrace/protocol';
import { isTimeMark, type RecordBatch } from '@millrace/streams';
import { entriesOf, isUnreadable } from '../../queries/batch-entries.ts';
import { cutRecord } from '../../queries/cut-record.ts';
import { recordDecoder } from '../../queries/record-decoder.ts';
import { BadFilter, compileFilter, type Holds } from '../../queries/record-filter.ts';
import type { TopicQueries } from '../../queries/topic-queries.ts';
import { ChannelRefused, type Feed, type FeedSink } from '../feed.ts';
import { TailCounts } from './tail-counts.ts';
import type { TailTime } from './tail-time.ts';

export type TailRequest = Extract<ChannelRequest, { channel: 'tail' }>;

/** A frame's budget; of what comes within 100 ms beyond it, the newest are shown and the rest is counted. */
const maxRowsPerFrame = 200;
const maxBytesPerFrame = 256 * 1024;
/** Rows that the client is to keep; older ones are removed. */
const maxRowsKept = 2_000;

/**
 * A topic's records as they come. What there is no time to look at counts as skipped. Pausing goes on counting; resuming shows the newest of what was missed.
 * Throws `ChannelRefused`.
 */
export function tailFeed(request: TailRequest, sink: FeedSink, topics: TopicQueries, time: TailTime): Feed {
  const { topic, app, partition } = request;
  const decode = recordDecoder(
    topics.declared.of(topic, app) ?? topics.declared.of(topic),
    topics.declared.mask(topic),
  );
  const holds = filterOf(request.where);
  const counts = new TailCounts();
  const kept: string[] = [];
  let waiting: TopicRecord[] = [];

  const take = (batch: RecordBatch): void => {
    if (partition !== undefined && batch.partition !== partition) return;
    let matched = 0;
    // What the app tells itself of time is no record of anybody's.
    const entries = entriesOf(batch).filter((entry) => isUnreadable(entry) || !isTimeMark(entry));
    const until = time.begin();
    for (const [index, entry] of entries.entries()) {
      // What can't be shown is not decoded, unless a filter has to look at it.
      if (until.over || (request.where === undefined && entries.length - index > maxRowsPerFrame)) {
        matched += 1;
        continue;
      }
      const seen = decode(batch, entry);
      if (
        !holds({
          ...seen.shown,
          timeMs: seen.record.eventTimeMs ?? entry.timestampMs,
          headers: seen.headers,
        })
      )
        continue;
      matched += 1;
      waiting.push(cutRecord(seen.record));
    }
    until.end();
    counts.arrived(matched, entries.length - matched);
    if (waiting.length > maxRowsPerFrame) waiting = waiting.slice(-maxRowsPerFrame);
  };
  const stop = topics.tails.follow(topic, { batch: take, trouble: () => undefined });

  let skippedBefore = 0;
  let said = '';
  return {
    tick(nowMs) {
      if (!sink.hasCredit) return;
      const rows: RecordEntity[] = counts.paused
        ? []
        : newestWithin(waiting, maxBytesPerFrame).map((record) => ({
            id: `record:${record.partition}/${record.offset}`,
            type: 'record',
            ...record,
          }));
      if (!counts.paused) waiting = [];
      counts.shown(rows.length);
      for (const { id } of rows) kept.push(id);
      const figures = counts.read(nowMs);
      const skipped = counts.paused ? 0 : Math.max(0, figures.skipped - skippedBefore);
      if (!counts.paused) skippedBefore = figures.skipped;
      const text = JSON.stringify(figures);
      if (text === said && rows.length === 0) return;
      said = text;
      sink.append([...rows, figures], kept.splice(0, Math.max(0, kept.length - maxRowsKept)), skipped);
    },
    pause: (paused) => counts.pause(paused),
    close: stop,
  };
}

function newestWithin(records: readonly TopicRecord[], maxBytes: number): readonly TopicRecord[] {
  let bytes = 0;
  let from = records.length;
  while (from > 0 && bytes <= maxBytes) bytes += shownBytes(records[--from]);
  return records.slice(from);
}

/** A record in part has about 4 KiB, its raw bytes included. */
const shownBytes = (record: TopicRecord | undefined): number =>
  record === undefined ? 0 : record.cut ? 4_096 : record.sizeBytes;

function filterOf(where: string | undefined): Holds {
  try {
    return compileFilter(where);
  } catch (error) {
    if (error instanceof BadFilter)
      throw new ChannelRefused(
        'bad-expression',
        error.message,
        'An expression over key, value, time and headers: value.ok',
      );
    throw error;
  }
}
