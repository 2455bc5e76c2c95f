'use client';
import type { tableChannel } from '@millrace/protocol';
import { useCallback, useRef } from 'react';
import type { z } from 'zod';
import { useThrottled } from '#features/live/use-throttled.ts';
import { type Freshness, useChannel, useEntityValue } from '#lib/engine-client/index.ts';
import type { TableView } from './table-query.ts';

export type TableRequest = z.output<typeof tableChannel>;

export interface LiveTable {
  readonly view: TableView;
  readonly freshness: Freshness;
}

export interface WatchedTable extends LiveTable {
  /** How often its rows have changed by now, also while what is shown is held; undefined: not known yet. */
  readonly updates: number | undefined;
}

const nothing = () => () => undefined;
const empty: TableView = { rows: [], page: undefined, windows: undefined, table: undefined };

/**
 * The rows that a request asks for, at most four times a second. A new request keeps the rows before it on the screen until its own are
 * there, so that paging, sorting and scrubbing never show a gap. `held` keeps what is shown. Null asks for nothing yet.
 */
export function useTableView(request: TableRequest | null, held: boolean): WatchedTable {
  const channel = useChannel(request);
  const table = request?.table;
  const last = useRef<LiveTable>({ view: empty, freshness: { kind: 'waiting' } });
  const subscribe = useCallback((listener: () => void) => channel?.onFreshness(listener) ?? nothing(), [channel]);
  const read = useCallback((): LiveTable => {
    if (!channel || channel.freshness.kind === 'waiting') return last.current;
    const { freshness } = channel;
    if (freshness.kind === 'refused') return { ...last.current, freshness };
    const page = channel.get('page');
    const windows = channel.get('windows');
    const figures = channel.get(`table:${table}`);
    const view: TableView = {
      rows: channel.list('row').flatMap((entity) => (entity.type === 'row' ? [entity] : [])),
      page: page?.type === 'page' ? page : undefined,
      windows: windows?.type === 'windows' ? windows : undefined,
      table: figures?.type === 'table' ? figures : undefined,
    };
    last.current = { view, freshness };
    return last.current;
  }, [channel, table]);
  const updates = useEntityValue(channel, 'table', `table:${table}`, (figures) => figures.updates);
  return { ...useThrottled(subscribe, read, { held }), updates };
}
