import type { behindQuery } from '@millrace/protocol';
import {
  type AppDocument,
  compileExpression,
  ExpressionError,
  hasFields,
  keyText,
  type Row,
  type Step,
} from '@millrace/spec';
import type { Clock, Transport, TransportAdmin } from '@millrace/streams';
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

/** What an agent makes of an event before it aggregates it; null: it is filtered out. */
type Path = (row: Row) => Row | null;

/**
 * The records that a row counts: the sources of the agents that aggregate into its table are read backwards to the start of its window, and each
 * record is sent through the agent's steps to see which key it ends at. Newest first; 50 000 records of a partition are looked at, at most, and for some seconds.
 * A table fed from another table's changes has none. Throws the signal's reason when it is aborted.
 */
export async function recordsBehind(
  transport: Transport,
  admin: TransportAdmin,
  document: AppDocument,
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
  try {
    const parts = await Promise.all(
      feeders(document, table).map(async ({ topicId, path }) => {
        const topic = document.topics[topicId];
        if (topic === undefined) return [];
        const uncommitted = topic.isolation === 'read_uncommitted';
        const reader = isolatedReader(opened, uncommitted);
        const decode = recordDecoder(
          { app: document.app, document, id: topicId, topic },
          topicMask([document], topic.name),
        );
        const match: Match = (batch, record) => {
          const seen = decode(batch, record);
          const timeMs = seen.record.eventTimeMs ?? record.timestampMs;
          if (seen.record.reason !== null || seen.record.tombstone || !inWindow(timeMs)) return null;
          const event = path({ key: seen.key, value: seen.value, timeMs, headers: seen.headers });
          return event !== null && keyText(event.key) === wanted ? cutRecord(seen.record) : null;
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

function feeders(document: AppDocument, table: string): { readonly topicId: string; readonly path: Path }[] {
  return Object.values(document.agents).flatMap(({ from, steps }) => {
    const at = steps.findIndex((step) => step.op === 'aggregate' && step.table === table);
    if (at < 0 || from.kind !== 'topics') return [];
    const path = compilePath(steps.slice(0, at));
    return from.topics.map((topicId) => ({ topicId, path }));
  });
}

function compilePath(steps: readonly Step[]): Path {
  const stages = steps.map(compileStep);
  return (row) => {
    let at: Row | null = row;
    try {
      for (const stage of stages) at = at === null ? null : stage(at);
    } catch (error) {
      if (error instanceof ExpressionError) return null;
      throw error;
    }
    return at;
  };
}

/** One step on one row, as the runtime's operators do it on columns. */
function compileStep(step: Step): Path {
  switch (step.op) {
    case 'filter': {
      const where = compileExpression(step.where);
      return (row) => (where(row) === true ? row : null);
    }
    case 'group_by': {
      const key = compileExpression(step.key);
      return (row) => ({ ...row, key: key(row) });
    }
    case 'map':
      return compileMap(step);
    case 'aggregate':
    case 'send':
      return (row) => row;
  }
}

function compileMap(step: Step & { readonly op: 'map' }): Path {
  switch (step.mode) {
    case 'replace':
    case 'set': {
      const fields = Object.entries(step.fields).map(([name, source]) => [name, compileExpression(source)] as const);
      return (row) => ({
        ...row,
        value: {
          ...(step.mode === 'set' ? fieldsOf(row) : {}),
          ...Object.fromEntries(fields.map(([name, field]) => [name, field(row)])),
        },
      });
    }
    case 'keep':
    case 'drop': {
      const names = new Set(step.names);
      return (row) => ({
        ...row,
        value: Object.fromEntries(
          Object.entries(fieldsOf(row)).filter(([name]) => names.has(name) === (step.mode === 'keep')),
        ),
      });
    }
    case 'rename':
      return (row) => ({
        ...row,
        value: Object.fromEntries(
          Object.entries(fieldsOf(row)).map(([name, value]) => [step.names[name] ?? name, value]),
        ),
      });
  }
}

const fieldsOf = ({ value }: Row): Record<string, unknown> => (hasFields(value) ? { ...value } : {});
