'use client';
import type { AppSummary } from '@millrace/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download, Ellipsis, FolderOpen, Pause, Play, Square, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { exportUrl, setDesired } from '#lib/api-client/apps.ts';
import { inWords } from '#lib/api-client/request.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import type { StatusKind } from '#ui/status.tsx';

const DeleteApp = dynamic(() => import('./delete-app.tsx').then((module) => module.DeleteApp), { ssr: false });
const NoticeDialog = dynamic(() => import('./notice-dialog.tsx').then((module) => module.NoticeDialog), { ssr: false });

/** What can be done with an app from the list. */
export function AppMenu({ summary, status }: { readonly summary: AppSummary; readonly status: StatusKind }) {
  const router = useRouter();
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const desired = useMutation({
    mutationFn: (next: 'running' | 'paused' | 'stopped') => setDesired(summary.app, next),
    onSettled: () => queries.invalidateQueries({ queryKey: ['apps'] }),
  });
  const wanted = summary.deployment?.desired;
  const entries: MenuEntry[] = [
    { label: 'Open', icon: <FolderOpen size={14} />, onSelect: () => router.push(`/apps/${summary.app}`) },
    ...(wanted === 'running'
      ? [{ label: 'Pause', icon: <Pause size={14} />, onSelect: () => desired.mutate('paused') }]
      : []),
    ...(wanted === 'paused' || wanted === 'stopped'
      ? [
          {
            label: wanted === 'paused' ? 'Resume' : 'Start',
            icon: <Play size={14} />,
            onSelect: () => desired.mutate('running'),
          },
        ]
      : []),
    ...(wanted === 'running' || wanted === 'paused'
      ? [{ label: 'Stop', icon: <Square size={13} />, onSelect: () => desired.mutate('stopped') }]
      : []),
    {
      label: 'Export as YAML',
      icon: <Download size={14} />,
      onSelect: () => window.location.assign(exportUrl(summary.app)),
    },
    { kind: 'separator' },
    { label: 'Delete…', icon: <Trash2 size={14} />, danger: true, onSelect: () => setDeleting(true) },
  ];
  return (
    <>
      <Menu
        align="end"
        trigger={<IconButton label={`Actions for ${summary.app}`} title="Actions" icon={<Ellipsis size={16} />} />}
        entries={entries}
      />
      {deleting && (
        <DeleteApp
          app={summary.app}
          running={wanted !== undefined && wanted !== 'stopped' && status !== 'draft'}
          onClose={() => setDeleting(false)}
        />
      )}
      {desired.isError && (
        <NoticeDialog
          title={`${summary.app} stays as it is`}
          message={inWords(desired.error)}
          onClose={() => desired.reset()}
        />
      )}
    </>
  );
}
