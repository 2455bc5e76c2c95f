'use client';
import { Plus, Search, TriangleAlert } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useCallback, useMemo, useRef } from 'react';
import { newAppWays, WaysIn } from '#features/new-app/ways-in.tsx';
import { type Command, useCommands } from '#features/shell/commands.ts';
import { useNow } from '#features/shell/health-banners.tsx';
import { holdKeys } from '#features/shell/held-keys.ts';
import { PageFrame } from '#features/shell/page-frame.tsx';
import { useApps } from '#lib/api-client/queries.ts';
import { inWords } from '#lib/api-client/request.ts';
import { useChannel, useEntities, useEntity, useFreshness } from '#lib/engine-client/index.ts';
import { useSearchChoice, useSearchParam } from '#lib/use-search-param.ts';
import { Button } from '#ui/button.tsx';
import { DataTable, HeadCell } from '#ui/data-table.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorBanner } from '#ui/error-banner.tsx';
import { Segmented } from '#ui/segmented.tsx';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';
import { TextField } from '#ui/text-field.tsx';
import { AppRow } from './app-row.tsx';
import { appStatus, belongsTo, filters } from './app-status.ts';
import { HealthStrip } from './health-strip.tsx';

const FirstRun = dynamic(() => import('#features/new-app/first-run.tsx').then((module) => module.FirstRun), {
  ssr: false,
});
const NewAppDialog = dynamic(
  () => import('#features/new-app/new-app-dialog.tsx').then((module) => module.NewAppDialog),
  { ssr: false },
);

const words = { all: 'All', running: 'Running', attention: 'Attention', paused: 'Paused', drafts: 'Drafts' } as const;

/** All apps, the health of what they stand on, and the ways to a new one. */
export function HomePage() {
  const apps = useApps();
  const workspace = useChannel({ channel: 'workspace' });
  const entities = useEntities(workspace, 'app');
  const kafka = useEntity(workspace, 'health', 'health:kafka');
  const stale = useFreshness(workspace).kind !== 'live' || kafka?.ok === false;
  const now = useNow(5000);
  const [filter, setFilter] = useSearchChoice('show', filters, 'all');
  const [found, setSearch] = useSearchParam('q');
  const search = found ?? '';
  const [newApp, setNewApp] = useSearchChoice('new', newAppWays, null);
  const [template, setTemplate] = useSearchParam('template');
  const searchField = useRef<HTMLInputElement>(null);
  const openWay = useCallback(
    (way: (typeof newAppWays)[number]) => {
      holdKeys();
      setNewApp(way);
    },
    [setNewApp],
  );
  const open = (way: (typeof newAppWays)[number], chosen?: string) => {
    setTemplate(chosen ?? null);
    openWay(way);
  };
  useCommands(
    useMemo<readonly Command[]>(
      () => [
        { id: 'filter', title: 'Filter apps', group: 'Apps', keys: '/', run: () => searchField.current?.focus() },
        {
          id: 'new-app-here',
          title: 'New app from a template',
          group: 'Apps',
          keys: 'n',
          run: () => openWay('template'),
        },
        { id: 'new-app-text', title: 'New app from text', group: 'Apps', run: () => openWay('text') },
        { id: 'new-app-data', title: 'New app from data', group: 'Apps', run: () => openWay('data') },
        { id: 'new-app-scratch', title: 'New app from scratch', group: 'Apps', run: () => openWay('scratch') },
      ],
      [openWay],
    ),
  );

  const all = (apps.data ?? []).map((summary) => {
    const entity = entities.find((one) => one.app === summary.app);
    return { summary, entity, status: appStatus(summary, entity, now) };
  });
  const needle = search.trim().toLowerCase();
  const matching = all.filter(
    ({ summary }) =>
      needle === '' ||
      [
        summary.app,
        summary.label,
        summary.description,
        summary.deployment?.actor,
        ...summary.topics,
        ...summary.tables,
      ].some((text) => text?.toLowerCase().includes(needle)),
  );
  const shown = matching.filter(({ status, entity }) => belongsTo(filter, status, entity));
  const empty = apps.isSuccess && all.length === 0;

  return (
    <PageFrame
      crumbs={[{ label: 'Apps' }]}
      actions={
        <Button variant="primary" icon={<Plus aria-hidden="true" size={14} />} kbd="N" onClick={() => open('template')}>
          New app
        </Button>
      }
    >
      <div className="relative min-h-0 flex-1 overflow-y-auto">
        {apps.isError && (
          <ErrorBanner
            title="The list of apps can't be read"
            actions={<Button onClick={() => void apps.refetch()}>Try now</Button>}
          >
            {inWords(apps.error)}
          </ErrorBanner>
        )}
        {empty ? (
          <FirstRun onOpen={open} />
        ) : (
          <>
            <div className="px-6 pt-6 pb-5">
              <HealthStrip workspace={workspace} />
            </div>
            <div className="mb-3 flex flex-wrap items-center gap-2 px-6 max-sm:px-3">
              <TextField
                ref={searchField}
                aria-label="Filter apps"
                placeholder="Filter by name, topic or owner"
                value={search}
                onChange={(text) => setSearch(text)}
                icon={<Search size={14} />}
                kbd="/"
                className="w-[260px]"
              />
              <Segmented
                label="Show"
                value={filter}
                onChange={(next) => setFilter(next)}
                className="max-w-full overflow-x-auto"
                options={filters.map((value) => ({
                  value,
                  label: (
                    <>
                      {value === 'attention' && <TriangleAlert aria-hidden="true" size={12} className="text-warn" />}
                      {words[value]}{' '}
                      <span className="tabular">
                        {matching.filter(({ status, entity }) => belongsTo(value, status, entity)).length}
                      </span>
                    </>
                  ),
                }))}
              />
              <span className="ml-auto text-12 text-text-3 max-lg:hidden">In /s and lag: last 15 min</span>
            </div>
            <DataTable label="Apps">
              <thead>
                <tr>
                  <HeadCell className="w-[24%]">App</HeadCell>
                  <HeadCell>Status</HeadCell>
                  <HeadCell>Version</HeadCell>
                  <HeadCell numeric>In /s</HeadCell>
                  <HeadCell className="max-wide:hidden">
                    <span className="sr-only">In per second, last 15 minutes</span>
                  </HeadCell>
                  <HeadCell numeric className="pr-1">
                    Lag
                  </HeadCell>
                  <HeadCell className="max-wide:hidden">
                    <span className="sr-only">Trend of the lag</span>
                  </HeadCell>
                  <HeadCell className="max-lg:hidden">Backpressure</HeadCell>
                  <HeadCell numeric>Tasks</HeadCell>
                  <HeadCell>Last deployed</HeadCell>
                  <HeadCell>
                    <span className="sr-only">Actions</span>
                  </HeadCell>
                </tr>
              </thead>
              <tbody>
                {apps.isPending && (
                  <SkeletonRows rows={4} size="two" widths={[150, 70, 30, 40, 110, 40, 50, 70, 20, 80, 16]} />
                )}
                {shown.map(({ summary, entity }) => (
                  <AppRow key={summary.app} summary={summary} entity={entity} stale={stale} now={now} />
                ))}
              </tbody>
            </DataTable>
            {apps.isSuccess && shown.length === 0 && (
              <EmptyState
                title="No app matches"
                action={
                  <Button
                    onClick={() => {
                      setSearch(null);
                      setFilter('all');
                    }}
                  >
                    Show all apps
                  </Button>
                }
              >
                None of {all.length} {needle !== '' && <>with “{search}” in its name, topics or owner </>}is under{' '}
                {words[filter]}.
              </EmptyState>
            )}
            <WaysIn onOpen={open} />
          </>
        )}
      </div>
      {newApp !== null && (
        <NewAppDialog
          way={newApp}
          template={template}
          onWay={(way) => setNewApp(way)}
          onClose={() => {
            setNewApp(null);
            setTemplate(null);
          }}
        />
      )}
    </PageFrame>
  );
}
