import type { ChannelRequest, PageEntity, RowEntity, WindowsEntity } from '@millrace/protocol';
import { type AppDocument, compileExpression, keyText } from '@millrace/spec';
import { tableEntity } from '../../figures/graph-entities.ts';
import type { Workspace } from '../../figures/workspace.ts';
import { ApiFailure } from '../../http/api-failure.ts';
import type { PartitionRow } from '../../ipc/from-worker.ts';
import { saying } from '../../log.ts';
import type { RowsQuery, TableQueries } from '../../queries/table-queries.ts';
import { WorkerError } from '../../workers/worker-error.ts';
import { ChannelRefused, type Feed, type FeedSink } from '../feed.ts';

export type TableRequest = Extract<ChannelRequest, { channel: 'table' }>;

/** Four looks a second, at most. */
const everyMs = 250;
/** The scrubber sums whole windows: once a second will do. */
const windowsEveryMs = 1_000;
const numeric = new Set(['count', 'sum', 'min', 'max', 'avg', 'distinct']);

/** The visible rows of a table, its figures, and its windows. Throws `ChannelRefused`. */
export function tableFeed(request: TableRequest, sink: FeedSink, tables: TableQueries, workspace: Workspace): Feed {
  const { app, table } = request;
  checkTable(tables, app, table);
  checkWhere(request.where);
  const query: RowsQuery = {
    search: request.search ?? null,
    where: request.where ?? null,
    windows: request.windows,
    sort: request.sort ?? null,
    skip: request.offset,
    limit: request.limit,
    trend: request.trend,
  };
  let nextMs = 0;
  let nextWindowsMs = 0;
  let windows: WindowsEntity | null = null;
  return {
    async tick(nowMs) {
      if (nowMs < nextMs) return;
      nextMs = nowMs + everyMs;
      const view = workspace.app(app);
      const { document, dataflow } = view ?? { document: null, dataflow: null };
      if (view === null || document === null || dataflow === null || !Object.hasOwn(document.tables, table)) return;
      try {
        if (nowMs >= nextWindowsMs) {
          nextWindowsMs = nowMs + windowsEveryMs;
          windows = await readWindows(tables, document, request);
        }
        const page = await tables.page(app, table, query);
        const rows = page.rows.map(rowEntity);
        const pageFigures: PageEntity = {
          id: 'page',
          type: 'page',
          matched: page.matched,
          total: page.total,
          partial: page.partial,
          offset: request.offset,
        };
        sink.replace(
          [...rows, pageFigures, ...(windows === null ? [] : [windows]), tableEntity(view.figures, dataflow, table)],
          rows.map(({ id }) => id),
        );
      } catch (error) {
        // The app is being changed, or a worker is away: what was shown stays.
        if (!(error instanceof WorkerError) && !(error instanceof ApiFailure)) throw error;
      }
    },
    close: () => undefined,
  };
}

export function rowEntity(row: PartitionRow): RowEntity {
  const text = keyText(row.key);
  return {
    id: `row:${text}@${row.windowStartMs ?? ''}`,
    type: 'row',
    partition: row.partition,
    key: row.key,
    keyText: text,
    windowStartMs: row.windowStartMs ?? null,
    windowEndMs: row.windowEndMs ?? null,
    open: row.open,
    value: { ...row.value },
    updatedMs: row.updatedMs,
    ...(row.trend === undefined ? {} : { trend: [...row.trend] }),
  };
}

async function readWindows(
  tables: TableQueries,
  document: AppDocument,
  { app, table, sort }: TableRequest,
): Promise<WindowsEntity | null> {
  const { window, value } = document.tables[table] ?? {};
  if (window === undefined || value === undefined) return null;
  const columns = Object.entries(value).filter(([, { fn }]) => numeric.has(fn));
  const column = (columns.find(([name]) => name === sort?.column) ?? columns[0])?.[0] ?? null;
  const windows = await tables.windows(app, table, column);
  return {
    id: 'windows',
    type: 'windows',
    column,
    windows: windows.map((each) => ({ ...each, endMs: each.startMs + window.sizeMs })),
  };
}

function checkTable(tables: TableQueries, app: string, table: string): void {
  try {
    tables.running(app, table);
  } catch (error) {
    if (error instanceof ApiFailure) throw new ChannelRefused(error.code, error.message, error.hint);
    throw error;
  }
}

function checkWhere(where: string | undefined): void {
  if (where === undefined) return;
  try {
    compileExpression(where);
  } catch (error) {
    throw new ChannelRefused('bad-expression', saying(error), 'An expression over key and value: value.attempts > 20');
  }
}
