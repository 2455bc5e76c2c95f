'use client';
import type { VersionSummary } from '@millrace/protocol';
import { useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { useNow } from '#features/shell/health-banners.tsx';
import { eventsQuery, versionsQuery } from '#lib/api-client/queries.ts';
import { inWords } from '#lib/api-client/request.ts';
import { formatClock, formatDay } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { FieldError } from '#ui/field.tsx';
import { Tag } from '#ui/tag.tsx';

const VersionDialog = dynamic(() => import('./version-dialog.tsx').then((module) => module.VersionDialog), {
  ssr: false,
});

/** The versions, any of which can be deployed again, and who did what. */
export function HistoryTab() {
  const { store, detail, openPlan } = useEditorServices();
  const app = store.getState().app;
  const versions = useQuery(versionsQuery(app));
  const events = useQuery(eventsQuery(app));
  const [shown, setShown] = useState<VersionSummary>();
  const now = useNow(10_000);
  const running = detail.deployment?.runningVersion ?? null;
  const wanted = detail.deployment?.version ?? null;
  return (
    <div className="grid min-h-full grid-cols-[3fr_2fr] divide-x divide-line max-lg:grid-cols-1">
      <section aria-label="Versions" className="min-w-0 overflow-x-auto">
        {versions.isError && (
          <div className="px-4 py-2">
            <FieldError message={inWords(versions.error)} />
          </div>
        )}
        {versions.data?.length === 0 && (
          <p className="px-4 py-4 text-text-2">No version yet. Deploying the draft makes the first.</p>
        )}
        {versions.data !== undefined && versions.data.length > 0 && (
          <DataTable label="Versions">
            <thead>
              <tr>
                <HeadCell className="!border-t-0 !pl-4">Version</HeadCell>
                <HeadCell className="!border-t-0">Message</HeadCell>
                <HeadCell className="!border-t-0">When</HeadCell>
                <HeadCell className="!border-t-0">
                  <span className="sr-only">Actions</span>
                </HeadCell>
              </tr>
            </thead>
            <tbody>
              {versions.data
                .toSorted((a, b) => b.version - a.version)
                .map((version) => (
                  <Row key={version.version} selected={version.version === running} className="!h-9">
                    <Cell className="!pl-4">
                      <span className="flex items-center gap-2 font-semibold">
                        v{version.version}
                        {version.version === running && <Tag tone="accent">runs</Tag>}
                        {version.version === wanted &&
                          version.version !== running &&
                          detail.deployment?.outcome === 'failed' && <Tag tone="bad">failed</Tag>}
                      </span>
                    </Cell>
                    <Cell className="max-w-44 truncate text-text-2" title={version.message}>
                      {version.message || '—'}
                    </Cell>
                    <Cell className="text-text-2" title={`by ${version.actor}`}>
                      {now > 0 && formatDay(Date.parse(version.createdAt), now)}
                    </Cell>
                    <Cell className="!pr-4 text-right">
                      <span className="inline-flex gap-1">
                        <Button variant="bare" onClick={() => setShown(version)}>
                          View
                        </Button>
                        {version.version !== running && (
                          <Button
                            variant="bare"
                            icon={<RotateCcw aria-hidden="true" size={13} />}
                            onClick={() => openPlan(version.version)}
                          >
                            Deploy again
                          </Button>
                        )}
                      </span>
                    </Cell>
                  </Row>
                ))}
            </tbody>
          </DataTable>
        )}
      </section>
      <section aria-label="Events" className="min-w-0">
        <ol className="text-12">
          {(events.data ?? []).map((event) => (
            <li key={event.id} className="flex gap-3 border-b border-line px-4 py-1.5">
              <span className="w-[72px] shrink-0 text-text-3 tabular" title={new Date(event.at).toLocaleString()}>
                {now > 0 &&
                  (now - Date.parse(event.at) < 86_400_000
                    ? formatClock(Date.parse(event.at))
                    : formatDay(Date.parse(event.at), now))}
              </span>
              <span className={event.kind.includes('fail') ? 'text-bad' : 'text-text'}>{event.message}</span>
              <span className="ml-auto shrink-0 text-text-3">{event.actor}</span>
            </li>
          ))}
        </ol>
        {events.isError && (
          <div className="px-4 py-2">
            <FieldError message={inWords(events.error)} />
          </div>
        )}
      </section>
      {shown && <VersionDialog app={app} version={shown} onClose={() => setShown(undefined)} />}
    </div>
  );
}
