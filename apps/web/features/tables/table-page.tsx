'use client';
import { Pause, Play, Workflow } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useEffect, useMemo, useRef, useState } from 'react';
import { LiveState } from '#features/live/live-state.tsx';
import { Pager } from '#features/live/pager.tsx';
import { useDebounced } from '#features/live/use-debounced.ts';
import { useDeployed } from '#features/live/use-deployed.ts';
import { type Command, useCommands } from '#features/shell/commands.ts';
import { useNow } from '#features/shell/health-banners.tsx';
import { isMissing, NoSuchApp } from '#features/shell/no-such-app.tsx';
import { PageFrame } from '#features/shell/page-frame.tsx';
import { inWords } from '#lib/api-client/request.ts';
import { useChannel, useEntity } from '#lib/engine-client/index.ts';
import { formatCount } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorBanner } from '#ui/error-banner.tsx';
import { Status } from '#ui/status.tsx';
import { KeyPanel } from './key-panel.tsx';
import { TableFigures } from './table-figures.tsx';
import { TablePartitions } from './table-partitions.tsx';
import { columnsOf, fillingWindow, keyName, mainColumn, pageSize, tableParams } from './table-query.ts';
import { TableRows } from './table-rows.tsx';
import { TableToolbar } from './table-toolbar.tsx';
import { type TableRequest, useTableView } from './use-table-view.ts';
import { WindowScrubber } from './window-scrubber.tsx';

/** A live table: its figures, its windows, its rows as they change, and one key down to the records behind it. */
export function TablePage({ app, table }: { readonly app: string; readonly table: string }) {
  const [params, setParams] = useQueryStates(tableParams);
  const { detail, document, isPending, error } = useDeployed(app);
  const entity = useEntity(useChannel({ channel: 'workspace' }), 'app', `app:${app}`);
  const definition = document?.tables[table];
  const windowed = definition === undefined || definition.window !== undefined;
  const search = useDebounced(params.q.trim(), 150);
  const [pausedMs, setPausedMs] = useState<number | null>(null);
  const [followMs, setFollowMs] = useState<number | null>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const now = useNow(500);

  const oneWindow = windowed && params.show === 'window';
  const chosenMs = oneWindow ? (params.at ?? followMs) : null;
  const named = columnsOf(definition, []);
  const sort = {
    column: params.sort === '' ? (mainColumn(named, '') ?? 'updated') : params.sort,
    descending: params.dir === 'desc',
  };
  const request: TableRequest = {
    channel: 'table',
    app,
    table,
    windows: params.show === 'open' ? 'open' : chosenMs === null ? 'latest' : { startMs: chosenMs },
    sort,
    offset: params.page * pageSize,
    limit: pageSize,
    trend: windowed,
    ...(search === '' ? {} : { search }),
    ...(params.where.trim() === '' ? {} : { where: params.where.trim() }),
  };
  const { view, freshness, updates } = useTableView(isPending ? null : request, pausedMs !== null);
  const columns = columnsOf(definition, view.rows);
  const main = mainColumn(columns, sort.column);
  const stale = freshness.kind === 'stale';
  const refusedWhere =
    freshness.kind === 'refused' && params.where !== ''
      ? [freshness.message, freshness.hint].filter(Boolean).join(' ')
      : undefined;
  const refused = freshness.kind === 'refused' && refusedWhere === undefined ? freshness : undefined;

  const filling = view.windows && fillingWindow(view.windows.windows, view.table?.streamTimeMs ?? null);
  useEffect(() => {
    if (filling) setFollowMs(filling.startMs);
  }, [filling]);

  const change = (next: Parameters<typeof setParams>[0]) => {
    setPausedMs(null);
    void setParams(next);
  };
  // What has changed since the figures were held is counted on.
  const [updatesAtPause, setUpdatesAtPause] = useState<number>();
  if (pausedMs === null ? updatesAtPause !== undefined : updatesAtPause === undefined && updates !== undefined)
    setUpdatesAtPause(pausedMs === null ? undefined : updates);
  const fresh = updatesAtPause === undefined ? 0 : Math.max(0, (updates ?? 0) - updatesAtPause);
  const togglePause = useMemo(() => () => setPausedMs((since) => (since === null ? Date.now() : null)), []);
  useCommands(
    useMemo<readonly Command[]>(
      () => [
        {
          id: 'table-search',
          title: 'Find a key',
          group: 'Dashboard',
          keys: '/',
          run: () => searchField.current?.focus(),
        },
        { id: 'table-pause', title: 'Pause or resume the figures', group: 'Dashboard', keys: 'p', run: togglePause },
      ],
      [togglePause],
    ),
  );
  const sortBy = (column: string) =>
    change({ sort: column, dir: sort.column === column && sort.descending ? 'asc' : 'desc', page: null });
  const missing = detail !== undefined && !isPending && document !== null && definition === undefined;

  return (
    <PageFrame
      crumbs={[
        { label: 'Apps', href: '/' },
        { label: app, href: `/apps/${app}` },
        { label: 'Tables', href: '/tables' },
        { label: table },
      ]}
      about={
        entity &&
        entity.status !== 'draft' && (
          <Status
            status={entity.status}
            detail={entity.version === null ? undefined : `v${entity.version}`}
            stale={stale}
          />
        )
      }
      search={false}
      actions={
        !(isMissing(error) || missing) && (
          <>
            <LiveState freshness={freshness} pausedMs={pausedMs} now={now} />
            <Button
              icon={pausedMs === null ? <Pause aria-hidden="true" size={14} /> : <Play aria-hidden="true" size={14} />}
              kbd="P"
              aria-keyshortcuts="P"
              onClick={togglePause}
            >
              {pausedMs === null ? 'Pause' : fresh > 0 ? `Resume, ${formatCount(fresh)} new` : 'Resume'}
            </Button>
            <ButtonLink
              href={`/apps/${app}?select=table:${table}`}
              icon={<Workflow aria-hidden="true" size={14} />}
              className="max-wide:hidden"
            >
              Open in canvas
            </ButtonLink>
          </>
        )
      }
    >
      {error !== null && !isMissing(error) && (
        <ErrorBanner title={`${app} can't be read`}>{inWords(error)}</ErrorBanner>
      )}
      {isMissing(error) ? (
        <NoSuchApp app={app} />
      ) : missing ? (
        <EmptyState title={`${app} has no table ${table}`} action={<ButtonLink href="/tables">All tables</ButtonLink>}>
          It may have been renamed or dropped by a newer version.
        </EmptyState>
      ) : (
        <>
          <TableFigures figures={view.table} definition={definition} stale={stale} />
          {windowed && (
            <WindowScrubber
              windows={view.windows}
              chosenMs={chosenMs}
              following={oneWindow && params.at === null}
              watermarkMs={view.table?.watermarkMs ?? null}
              stale={stale}
              onChoose={(at) => change({ show: 'window', at, page: null })}
              onFollow={() => change({ show: 'window', at: null, page: null })}
            />
          )}
          <div className="relative flex min-h-0 flex-1">
            <div className="flex min-w-0 flex-1 flex-col">
              <TableToolbar
                view={view}
                windowed={windowed}
                search={params.q}
                where={params.where}
                mode={params.show}
                example={main === null ? 'value.field == 1' : `value.${main} > 2`}
                refusal={refusedWhere}
                searchField={searchField}
                onSearch={(q) => change({ q: q === '' ? null : q, page: null })}
                onWhere={(where) => change({ where: where.trim() === '' ? null : where, page: null })}
                onMode={(show) => change({ show, at: null, page: null })}
              />
              <div className="relative min-h-0 flex-1 overflow-auto">
                <TableRows
                  label={`Rows of ${table}`}
                  rows={view.rows}
                  columns={columns}
                  keyName={keyName(document, table)}
                  main={main}
                  windowed={windowed}
                  sort={sort}
                  selected={params.key}
                  now={pausedMs ?? now}
                  stale={stale}
                  waiting={freshness.kind === 'waiting' && view.rows.length === 0}
                  onSort={sortBy}
                  onSelect={(row) => void setParams({ key: row.keyText === params.key ? null : row.keyText })}
                />
                {refused && (
                  <EmptyState title="This table can't be watched now">
                    {refused.message} {refused.hint}
                  </EmptyState>
                )}
                {!refused && view.page && view.rows.length === 0 && (
                  <NoRows
                    filtered={search !== '' || params.where !== ''}
                    total={view.table?.keys ?? view.page.total}
                    onClear={() => change({ q: null, where: null, page: null })}
                    app={app}
                  />
                )}
              </div>
              {view.page && (
                <Pager
                  page={params.page}
                  pageSize={pageSize}
                  total={view.page.matched}
                  onPage={(page) => change({ page: page === 0 ? null : page })}
                />
              )}
              <TablePartitions figures={view.table} stale={stale} />
            </div>
            {params.key !== null && (
              <KeyPanel
                app={app}
                table={table}
                keyText={params.key}
                columns={columns}
                main={main}
                windowMs={chosenMs}
                document={document}
                held={pausedMs !== null}
                onWindow={(at) => change({ show: 'window', at, page: null })}
                onClose={() => void setParams({ key: null })}
              />
            )}
          </div>
        </>
      )}
    </PageFrame>
  );
}

function NoRows({
  filtered,
  total,
  onClear,
  app,
}: {
  readonly filtered: boolean;
  readonly total: number;
  readonly onClear: () => void;
  readonly app: string;
}) {
  if (filtered)
    return (
      <EmptyState title="No row matches" action={<Button onClick={onClear}>Show all rows</Button>}>
        Neither key search nor filter leaves a row here.
      </EmptyState>
    );
  if (total > 0)
    return (
      <EmptyState title="Nothing in this window">
        Its keys are in other windows: step to them above, or show the latest of each key.
      </EmptyState>
    );
  return (
    <EmptyState title="No rows yet" action={<ButtonLink href={`/apps/${app}`}>Open {app}</ButtonLink>}>
      Rows appear as soon as the app has processed records. A generator of sample records can be started beside its
      canvas.
    </EmptyState>
  );
}
