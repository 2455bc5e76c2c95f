import type { TopicRecord } from '@millrace/protocol';
import { request } from './request.ts';

export interface Position {
  readonly partition: number;
  readonly offset: string;
}

/** Where a reading of a topic's past begins. */
export type From =
  | { readonly from: 'newest' }
  | { readonly from: 'beginning' }
  | { readonly from: 'offset'; readonly offset: string }
  | { readonly from: 'time'; readonly timeMs: number };

export interface RecordsRequest {
  readonly topic: string;
  readonly start: From;
  readonly partition?: number | undefined;
  readonly app?: string | undefined;
  readonly where?: string | undefined;
  readonly limit: number;
  /** Large records, too; else they come in part, and say so (`cut`). */
  readonly whole?: boolean;
}

const search = (values: Readonly<Record<string, string | number | boolean | undefined>>): string =>
  new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, String(value)]],
    ),
  ).toString();

const topicPath = (topic: string): string => `/topics/${encodeURIComponent(topic)}/records`;

export const readRecords = ({ topic, start, ...rest }: RecordsRequest, signal?: AbortSignal) =>
  request('recordsReply', `${topicPath(topic)}?${search({ ...start, ...rest })}`, { ...(signal && { signal }) });

/** Goes on where an answer ended: of the newest further back, else ahead. */
export const readOn = (
  { topic, start, ...rest }: RecordsRequest,
  positions: readonly Position[],
  signal?: AbortSignal,
) =>
  request(
    'recordsReply',
    `${topicPath(topic)}?${search({
      ...rest,
      from: start.from === 'newest' ? 'newest' : 'offset',
      at: positions.map(({ partition, offset }) => `${partition}:${offset}`).join(','),
    })}`,
    { ...(signal && { signal }) },
  );

/** The record at an offset, whole; null: it is no longer kept. */
export async function readRecord(
  topic: string,
  { partition, offset }: Position,
  app?: string,
): Promise<TopicRecord | null> {
  const start: From = { from: 'offset', offset };
  const { records } = await readRecords({ topic, start, partition, app, limit: 1, whole: true });
  return records.find((record) => record.offset === offset && record.partition === partition) ?? null;
}

export interface NewRecord {
  readonly key?: unknown;
  readonly value: unknown;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Throws `ApiFailure` with problems where a record does not fit the topic's model. */
export const sendRecords = (topic: string, app: string | undefined, records: readonly NewRecord[]) =>
  request('sendReply', topicPath(topic), { method: 'POST', body: { ...(app === undefined ? {} : { app }), records } });

const tablePath = (app: string, table: string): string =>
  `/tables/${encodeURIComponent(app)}/${encodeURIComponent(table)}`;

/** All windows of one key, newest first, 500 at most. */
export const readKey = (app: string, table: string, key: string, signal?: AbortSignal) =>
  request('tableReply', `${tablePath(app, table)}?${search({ key, windows: 'all', limit: 500 })}`, {
    ...(signal && { signal }),
  });

/** The source records that a row was made of, newest first, as far as the topic still keeps them. */
export const readBehind = (
  app: string,
  table: string,
  key: string,
  windowStart: number | null,
  limit: number,
  signal?: AbortSignal,
) =>
  request(
    'recordsReply',
    `${tablePath(app, table)}/records?${search({ key, windowStart: windowStart ?? undefined, limit })}`,
    { ...(signal && { signal }) },
  );
