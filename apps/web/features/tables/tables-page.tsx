'use client';
import type { AppSummary, TableEntity } from '@millrace/protocol';
import { type AppDocument, formatType, type Table, windowWords } from '@millrace/spec';
import { Search } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { useMemo, useRef } from 'react';
import { useDeployed } from '#features/live/use-deployed.ts';
import { type Command, useCommands } from '#features/shell/commands.ts';
import { useNow } from '#features/shell/health-banners.tsx';
import { PageFrame } from '#features/shell/page-frame.tsx';
import { useApps } from '#lib/api-client/queries.ts';
import { inWords } from '#lib/api-client/request.ts';
import { useChannel, useEntities, useFreshness } from '#lib/engine-client/index.ts';
import { formatBytes, formatCount, formatRate, formatSpan } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { cx } from '#ui/cx.ts';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorBanner } from '#ui/error-banner.tsx';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';
import { TextField } from '#ui/text-field.tsx';

/** Every table of every app, with its figures. */
export function TablesPage() {
  const apps = useApps();
  const [search, setSearch] = useQueryState('q', parseAsString.withDefault(''));
  const searchField = useRef<HTMLInputElement>(null);
  useCommands(
    useMemo<readonly Command[]>(
      () => [
        {
          id: 'tables-filter',
          title: 'Filter tables',
          group: 'Dashboard',
          keys: '/',
          run: () => searchField.current?.focus(),
        },
      ],
      [],
    ),
  );
  const needle = search.trim().toLowerCase();
  const shown = (apps.data ?? []).flatMap((app) => {
    const tables = app.tables.filter((table) => needle === '' || `${app.app} ${table}`.toLowerCase().includes(needle));
    return tables.length === 0 ? [] : [{ app, tables }];
  });
  const none = apps.isSuccess && apps.data.every(({ tables }) => tables.length === 0);
  return (
    <PageFrame crumbs={[{ label: 'Tables' }]}>
      {apps.isError && (
        <ErrorBanner
          title="The list of tables can't be read"
          actions={<Button onClick={() => void apps.refetch()}>Try now</Button>}
        >
          {inWords(apps.error)}
        </ErrorBanner>
      )}
      {none ? (
        <EmptyState
          title="No app has a table yet"
          action={<ButtonLink href="/?new=template">New app from a template</ButtonLink>}
        >
          A table keeps a value per key, like failed logins per address in the last five minutes. Add one on an app’s
          canvas.
        </EmptyState>
      ) : (
        <div className="relative min-h-0 flex-1 overflow-auto">
          <div className="px-6 py-3">
            <TextField
              ref={searchField}
              aria-label="Filter tables"
              placeholder="Filter by table or app"
              value={search}
              onChange={(text) => void setSearch(text === '' ? null : text)}
              icon={<Search size={14} />}
              kbd="/"
              className="w-[260px]"
            />
          </div>
          <DataTable label="Tables">
            <thead>
              <tr>
                <HeadCell>Table</HeadCell>
                <HeadCell>App</HeadCell>
                <HeadCell>Key</HeadCell>
                <HeadCell>Window</HeadCell>
                <HeadCell>Value</HeadCell>
                <HeadCell numeric>Keys</HeadCell>
                <HeadCell numeric>Entries</HeadCell>
                <HeadCell numeric>Size</HeadCell>
                <HeadCell numeric>Updates /s</HeadCell>
                <HeadCell numeric>Updated</HeadCell>
              </tr>
            </thead>
            <tbody>
              {apps.isPending && <SkeletonRows rows={4} widths={[120, 90, 50, 120, 140, 40, 40, 50, 40, 40]} />}
              {shown.map(({ app, tables }) => (
                <AppTables key={app.app} app={app} tables={tables} />
              ))}
            </tbody>
          </DataTable>
          {apps.isSuccess && !none && shown.length === 0 && (
            <EmptyState
              title="No table matches"
              action={<Button onClick={() => void setSearch(null)}>Show all tables</Button>}
            >
              Nothing has “{search}” in its name or its app’s.
            </EmptyState>
          )}
        </div>
      )}
    </PageFrame>
  );
}

/** An app that was never deployed has no figures to subscribe to. */
function AppTables({ app, tables }: { readonly app: AppSummary; readonly tables: readonly string[] }) {
  const { document } = useDeployed(app.app);
  const graph = useChannel(app.deployment === null ? null : { channel: 'graph', app: app.app });
  const figures = useEntities(graph, 'table');
  const stale = useFreshness(graph).kind === 'stale';
  const now = useNow();
  return tables.map((table) => (
    <TableRow
      key={table}
      app={app.app}
      table={table}
      definition={definitionOf(document, table)}
      figures={figures.find((one) => one.table === table)}
      stale={stale}
      now={now}
    />
  ));
}

const definitionOf = (document: AppDocument | null, table: string): Table | undefined => document?.tables[table];

function TableRow({
  app,
  table,
  definition,
  figures,
  stale,
  now,
}: {
  readonly app: string;
  readonly table: string;
  readonly definition: Table | undefined;
  readonly figures: TableEntity | undefined;
  readonly stale: boolean;
  readonly now: number;
}) {
  const window = definition?.window;
  const size = figures && formatBytes(figures.sizeBytes);
  const age = figures?.lastUpdateMs == null ? null : Math.max(0, now - figures.lastUpdateMs);
  return (
    <Row className={cx(stale && 'text-text-3')}>
      <Cell>
        <Link href={`/apps/${app}/tables/${table}`} className="font-semibold hover:text-accent hover:underline">
          {table}
        </Link>
      </Cell>
      <Cell>
        <Link href={`/apps/${app}`} className="text-text-2 hover:text-accent hover:underline">
          {app}
        </Link>
      </Cell>
      <Cell mono>{definition ? formatType(definition.key) : ''}</Cell>
      <Cell className="text-text-2">{window ? windowWords(window) : definition ? 'no windows' : ''}</Cell>
      <Cell mono className="max-w-[220px] truncate">
        {Object.keys(definition?.value ?? {}).join(', ')}
      </Cell>
      <Cell numeric>{figures ? formatCount(figures.keys) : '–'}</Cell>
      <Cell numeric>{figures ? formatCount(figures.entries) : '–'}</Cell>
      <Cell numeric>{size ? `${size.value} ${size.unit}` : '–'}</Cell>
      <Cell numeric>{figures ? formatRate(figures.updatesPerSecond) : '–'}</Cell>
      <Cell numeric className={cx(age !== null && age < 1000 && !stale ? 'font-medium text-accent' : 'text-text-3')}>
        {age === null || now === 0 ? '–' : formatSpan(age)}
      </Cell>
    </Row>
  );
}
