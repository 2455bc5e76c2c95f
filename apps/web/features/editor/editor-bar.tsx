'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  ChevronDown,
  CircleX,
  Download,
  PanelRight,
  Pause,
  PencilLine,
  Play,
  Redo2,
  Rocket,
  Settings2,
  Square,
  Trash2,
  TriangleAlert,
  Undo2,
} from 'lucide-react';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { appStatus } from '#features/home/app-status.ts';
import { useNow } from '#features/shell/health-banners.tsx';
import { useKeysText } from '#features/shell/mod-key.ts';
import { exportUrl, setDesired } from '#lib/api-client/apps.ts';
import { inWords } from '#lib/api-client/request.ts';
import { useEntity } from '#lib/engine-client/index.ts';
import { formatClock, plural } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { cx } from '#ui/cx.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import { Status } from '#ui/status.tsx';
import { tagTone } from '#ui/tag.tsx';
import { nextProblem } from './editor-commands.ts';
import { useEditor, useEditorServices } from './editor-context.tsx';

const DeleteApp = dynamic(() => import('#features/home/delete-app.tsx').then((module) => module.DeleteApp), {
  ssr: false,
});
const NoticeDialog = dynamic(() => import('#features/home/notice-dialog.tsx').then((module) => module.NoticeDialog), {
  ssr: false,
});

/** What runs, what the draft has changed, and whether it is saved. */
export function EditorAbout() {
  const { detail, live, stale, changes } = useEditorServices();
  const entity = useEntity(live, 'app', `app:${detail.app}`);
  const now = useNow(5000);
  const status = appStatus(detail, entity, now);
  const version = entity?.version ?? detail.deployment?.runningVersion ?? detail.deployment?.version ?? null;
  const empty = useEditor((state) => state.draft.reading?.graph.nodes.length === 0);
  return (
    <>
      {detail.deployment !== null && (
        <RunMenu
          status={
            <Status
              status={status.status}
              stale={stale}
              detail={status.detail ?? (version === null ? undefined : `v${version}`)}
            />
          }
        />
      )}
      {(changes.size > 0 || detail.deployment === null) && (
        <span className="flex items-center gap-1.5 whitespace-nowrap text-text">
          <PencilLine aria-hidden="true" size={13} />
          {detail.deployment === null ? (empty ? 'Draft, empty' : 'Draft') : `Draft, ${plural(changes.size, 'change')}`}
        </span>
      )}
      <SaveWord />
    </>
  );
}

function SaveWord() {
  const save = useEditor((state) => state.save);
  const now = useNow(60_000);
  const words =
    save.kind === 'saved'
      ? now > 0
        ? `Saved ${formatClock(save.atMs)}`
        : ''
      : save.kind === 'failed'
        ? `Not saved: ${save.message}`
        : save.kind === 'conflict'
          ? 'Not saved: changed elsewhere'
          : 'Saving…';
  return (
    <span
      role="status"
      className={cx(
        'truncate text-12 tabular max-wide:hidden',
        save.kind === 'failed' || save.kind === 'conflict' ? 'text-bad' : 'text-text-2',
      )}
    >
      {words}
    </span>
  );
}

/** The status, and what can be done about it. */
function RunMenu({ status }: { readonly status: ReactNode }) {
  const { detail, store } = useEditorServices();
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const wanted = detail.deployment?.desired;
  const desired = useMutation({
    mutationFn: (next: 'running' | 'paused' | 'stopped') => setDesired(detail.app, next),
    onSettled: () => queries.invalidateQueries({ queryKey: ['apps'] }),
  });
  const entries: MenuEntry[] = [
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
    ...(wanted !== 'stopped'
      ? [{ label: 'Stop', icon: <Square size={13} />, onSelect: () => desired.mutate('stopped') }]
      : []),
    { kind: 'separator' },
    {
      label: 'App settings',
      icon: <Settings2 size={14} />,
      kbd: 'S',
      onSelect: () => {
        store.getState().select(null);
        store.getState().openInspector(true);
      },
    },
    {
      label: 'Export as YAML',
      icon: <Download size={14} />,
      onSelect: () => window.location.assign(exportUrl(detail.app)),
    },
    { label: 'Delete…', icon: <Trash2 size={14} />, danger: true, onSelect: () => setDeleting(true) },
  ];
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            title="Pause, resume, stop"
            className="-mx-1 flex h-7 items-center gap-1 rounded-control px-1 hover:bg-hover data-popup-open:bg-active"
          >
            {status}
            <ChevronDown aria-hidden="true" size={13} className="text-text-3" />
            <span className="sr-only">: pause, resume, stop</span>
          </button>
        }
        entries={entries}
      />
      {deleting && <DeleteApp app={detail.app} running={wanted !== 'stopped'} onClose={() => setDeleting(false)} />}
      {desired.isError && (
        <NoticeDialog
          title={`${detail.app} stays as it is`}
          message={inWords(desired.error)}
          onClose={() => desired.reset()}
        />
      )}
    </>
  );
}

export function EditorTools() {
  const { store } = useEditorServices();
  const past = useEditor((state) => state.history.past.length);
  const future = useEditor((state) => state.history.future.length);
  const open = useEditor((state) => state.inspectorOpen);
  const keysText = useKeysText();
  return (
    <span className="flex">
      <IconButton
        label="Undo"
        title={`Undo (${keysText('mod+z')})`}
        disabled={past === 0}
        icon={<Undo2 size={15} />}
        onClick={() => store.getState().undo()}
      />
      <IconButton
        label="Redo"
        title={`Redo (${keysText('shift+mod+z')})`}
        disabled={future === 0}
        icon={<Redo2 size={15} />}
        onClick={() => store.getState().redo()}
      />
      <IconButton
        label="Inspector"
        title={open ? 'Close the inspector (I)' : 'Open the inspector (I)'}
        pressed={open}
        icon={<PanelRight size={15} />}
        onClick={() => store.getState().openInspector(!open)}
      />
    </span>
  );
}

export function EditorActions() {
  const { store, openPlan, kafkaSilent } = useEditorServices();
  const problems = useEditor((state) => state.draft.problems);
  const empty = useEditor((state) => state.draft.reading?.graph.nodes.length === 0);
  const keysText = useKeysText();
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  return (
    <>
      {problems.length > 0 && (
        <button
          type="button"
          onClick={() => nextProblem(store)}
          title="Leads to the next problem (E)"
          className={cx(
            'inline-flex h-7 items-center gap-2 rounded-control border px-2.5 font-medium whitespace-nowrap',
            errors > 0 ? tagTone.bad : tagTone.warn,
          )}
        >
          {errors > 0 ? <CircleX aria-hidden="true" size={14} /> : <TriangleAlert aria-hidden="true" size={14} />}
          {problems.length}
          <span className="max-wide:sr-only">{problems.length === 1 ? ' problem' : ' problems'}</span>
        </button>
      )}
      <Button
        variant="primary"
        disabled={(empty ?? false) || kafkaSilent}
        title={kafkaSilent ? 'Deploying waits until Kafka is back' : undefined}
        icon={<Rocket aria-hidden="true" size={14} />}
        kbd={keysText('mod+enter')}
        aria-keyshortcuts="Meta+Enter Control+Enter"
        onClick={() => openPlan()}
      >
        Deploy…
      </Button>
    </>
  );
}
