import type { ChannelRequest, RecordEntity } from '@millrace/protocol';
import type { RecordBatch } from '@millrace/streams';
import { recordDecoder, type SeenRecord } from '../../queries/record-decoder.ts';
import { BadFilter, compileFilter, type Holds } from '../../queries/record-filter.ts';
import type { TopicQueries } from '../../queries/topic-queries.ts';
import { ChannelRefused, type Feed, type FeedSink } from '../feed.ts';
import { TailCounts } from './tail-counts.ts';

export type TailRequest = Extract<ChannelRequest, { channel: 'tail' }>;

/** A frame's budget; of what comes within 100 ms beyond it, the newest are shown and the rest is counted. */
const maxRowsPerFrame = 200;
const maxBytesPerFrame = 256 * 1024;
/** Rows that the client is to keep; older ones are removed. */
const maxRowsKept = 2_000;

/** A topic's records as they come. Pausing goes on counting; resuming shows the newest of what was missed. Throws `ChannelRefused`. */
export function tailFeed(request: TailRequest, sink: FeedSink, topics: TopicQueries): Feed {
  const { topic, app, partition } = request;
  const decode = recordDecoder(topics.declared.of(topic, app) ?? topics.declared.of(topic));
  const holds = filterOf(request.where);
  const counts = new TailCounts();
  const kept: string[] = [];
  let waiting: SeenRecord[] = [];

  const take = (batch: RecordBatch): void => {
    if (partition !== undefined && batch.partition !== partition) return;
    let matched = 0;
    for (const record of batch.records) {
      // What can't be shown is not decoded, unless a filter has to look at it.
      if (request.where === undefined && batch.records.length - matched > maxRowsPerFrame) {
        matched += 1;
        continue;
      }
      const seen = decode(batch, record);
      if (
        !holds({
          key: seen.key,
          value: seen.value,
          timeMs: seen.record.eventTimeMs ?? record.timestampMs,
          headers: seen.record.headers,
        })
      )
        continue;
      matched += 1;
      waiting.push(seen);
    }
    counts.arrived(matched, batch.records.length - matched);
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
        : newestWithin(waiting, maxBytesPerFrame).map(({ record }) => ({
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

function newestWithin(records: readonly SeenRecord[], maxBytes: number): readonly SeenRecord[] {
  let bytes = 0;
  let from = records.length;
  while (from > 0 && bytes <= maxBytes) bytes += records[--from]?.record.sizeBytes ?? 0;
  return records.slice(from);
}

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
