'use client';
import type { tableChannel } from '@millrace/protocol';
import { useCallback, useRef } from 'react';
import type { z } from 'zod';
import { useThrottled } from '#features/live/use-throttled.ts';
import { type Freshness, useChannel } from '#lib/engine-client/index.ts';
import type { TableView } from './table-query.ts';

export type TableRequest = z.output<typeof tableChannel>;

export interface LiveTable {
  readonly view: TableView;
  readonly freshness: Freshness;
}

const nothing = () => () => undefined;
const empty: TableView = { rows: [], page: undefined, windows: undefined, table: undefined };

/**
 * The rows that a request asks for, at most four times a second. A new request keeps the rows before it on the screen until its own are
 * there, so that paging, sorting and scrubbing never show a gap. `held` keeps what is shown.
 */
export function useTableView(request: TableRequest, held: boolean): LiveTable {
  const channel = useChannel(request);
  const last = useRef<TableView>(empty);
  const subscribe = useCallback((listener: () => void) => channel?.onFreshness(listener) ?? nothing(), [channel]);
  const read = useCallback((): LiveTable => {
    const freshness: Freshness = channel?.freshness ?? { kind: 'waiting' };
    if (channel && freshness.kind !== 'waiting' && freshness.kind !== 'refused') {
      const page = channel.get('page');
      const windows = channel.get('windows');
      const table = channel.get(`table:${request.table}`);
      last.current = {
        rows: channel.list('row').flatMap((entity) => (entity.type === 'row' ? [entity] : [])),
        page: page?.type === 'page' ? page : undefined,
        windows: windows?.type === 'windows' ? windows : undefined,
        table: table?.type === 'table' ? table : undefined,
      };
    }
    return { view: last.current, freshness };
  }, [channel, request.table]);
  return useThrottled(subscribe, read, { held });
}
