import { type Dataflow, topicsBehind } from '@millrace/dataflow';
import type { behindQuery } from '@millrace/protocol';
import { type AppDocument, keyText } from '@millrace/spec';
import { type Clock, RecordTrace, type Transport, type TransportAdmin } from '@millrace/streams';
import type { z } from 'zod';
import { isUnreadable } from './batch-entries.ts';
import { cutRecord } from './cut-record.ts';
import { isolatedReader } from './isolated-reader.ts';
import { recordDecoder } from './record-decoder.ts';
import { type Match, type Page, readBackwards, roomOf } from './record-pages.ts';
import { Search } from './search.ts';
import { topicMask } from './topic-mask.ts';

export type BehindQuery = z.output<typeof behindQuery>;

/** One record may be this much later than the newer ones around it and is still found, ms. */
const disorderMs = 60_000;

/**
 * The records that a row counts: the topics behind its table are read backwards to the start of its window, and each record is followed through the app's own
 * operators to see which keys it comes to. Newest first; 50 000 records of a partition are looked at, at most, and for some seconds.
 * A table fed from another table's changes has none. Throws the signal's reason when it is aborted.
 */
export async function recordsBehind(
  transport: Transport,
  admin: TransportAdmin,
  { document, dataflow }: { readonly document: AppDocument; readonly dataflow: Dataflow },
  table: string,
  key: unknown,
  query: BehindQuery,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Page> {
  const window = document.tables[table]?.window;
  const startMs = query.windowStart;
  const inWindow = (timeMs: number) =>
    startMs === undefined || window === undefined || (timeMs >= startMs && timeMs < startMs + window.sizeMs);
  const wanted = keyText(key);
  const opened = transport.reader();
  const search = new Search(clock, signal);
  const trace = new RecordTrace(dataflow, table, clock);
  try {
    const parts = await Promise.all(
      topicsBehind(dataflow, table).map(async ({ element }) => {
        const topic = document.topics[element ?? ''];
        if (element === null || topic === undefined) return [];
        const uncommitted = topic.isolation === 'read_uncommitted';
        const reader = isolatedReader(opened, uncommitted);
        const decode = recordDecoder(
          { app: document.app, document, id: element, topic },
          topicMask([document], topic.name),
        );
        const match: Match = (batch, record) => {
          if (isUnreadable(record)) return null;
          const arrivals = trace.follow(topic.name, record);
          const counts = arrivals.some(({ key: to, timeMs }) => inWindow(timeMs) && keyText(to) === wanted);
          return counts ? cutRecord(decode(batch, record).record) : null;
        };
        const offsets = await admin.offsets(topic.name, { uncommitted });
        return Promise.all(
          offsets.map(async (partition) => {
            let oldestMs = Number.POSITIVE_INFINITY;
            const watched: Match = (batch, entry) => {
              if (!isUnreadable(entry)) oldestMs = Math.min(oldestMs, entry.timestampMs);
              return match(batch, entry);
            };
            // Kafka's timestamps bound the search only where events carry their own time near it.
            const enough = () =>
              startMs !== undefined && topic.eventTime.from !== 'field' && oldestMs < startMs - disorderMs;
            const room = roomOf(query.limit, offsets.length);
            const part = await readBackwards(reader, topic.name, partition, room, watched, search, enough);
            const left = part.from > partition.earliest && part.found.length < query.limit && !enough();
            return { ...part, left };
          }),
        );
      }),
    );
    const records = parts
      .flat()
      .flatMap(({ found }) => found.map(({ record }) => record))
      .sort((a, b) => (b.eventTimeMs ?? b.timestampMs) - (a.eventTimeMs ?? a.timestampMs))
      .slice(0, query.limit);
    return { records, next: [], before: [], looked: search.looked, done: !parts.flat().some(({ left }) => left) };
  } finally {
    await opened.close();
  }
}
