import { behindQuery, type TableReply, tableQuery } from '@millrace/protocol';
import type { z } from 'zod';
import type { PartitionRow } from '../ipc/from-worker.ts';
import { compileFilter } from '../queries/record-filter.ts';
import type { RowsPage, TableQueries } from '../queries/table-queries.ts';
import type { Request, Router } from './router.ts';

export function tableRoutes(router: Router, tables: TableQueries): void {
  const named = ({ params }: Request) => ({ app: params['app'] ?? '', table: params['table'] ?? '' });
  router
    .on('GET', '/tables/{app}/{table}', async (request) => {
      const { app, table } = named(request);
      const query = request.query(tableQuery);
      const document = tables.running(app, table);
      const page =
        query.key === undefined ? await readPage(tables, app, table, query) : await tables.key(app, table, query.key);
      const body: TableReply = {
        app,
        table,
        columns: Object.keys(document.tables[table]?.value ?? {}),
        matched: page.matched,
        total: page.total,
        partial: page.partial,
        rows: page.rows.map(row),
        missing: [...page.missing],
      };
      return { status: 200, body };
    })
    .on('GET', '/tables/{app}/{table}/records', async (request) => {
      const { app, table } = named(request);
      return { status: 200, body: await tables.behind(app, table, request.query(behindQuery), request.signal) };
    });
}

function readPage(
  tables: TableQueries,
  app: string,
  table: string,
  query: z.output<typeof tableQuery>,
): Promise<RowsPage> {
  compileFilter(query.where);
  return tables.page(app, table, {
    search: query.search ?? null,
    where: query.where ?? null,
    windows:
      query.windows === 'latest' || query.windows === 'open' || query.windows === 'all'
        ? query.windows
        : { startMs: Number(query.windows) },
    sort: query.sort === undefined ? null : { column: query.sort, descending: query.order === 'desc' },
    skip: query.offset,
    limit: query.limit,
    trend: false,
  });
}

const row = ({
  key,
  windowStartMs,
  windowEndMs,
  open,
  value,
  updatedMs,
  partition,
}: PartitionRow): TableReply['rows'][number] => ({
  key,
  windowStartMs: windowStartMs ?? null,
  windowEndMs: windowEndMs ?? null,
  open,
  value: { ...value },
  updatedMs,
  partition,
});
