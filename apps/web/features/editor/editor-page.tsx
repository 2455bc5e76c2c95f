'use client';
import type { AppDetail } from '@millrace/protocol';
import type { AppDocument } from '@millrace/spec';
import dynamic from 'next/dynamic';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Inspector } from '#features/inspector/inspector.tsx';
import { BottomPanel } from '#features/panel/bottom-panel.tsx';
import { holdKeys } from '#features/shell/held-keys.ts';
import { isMissing, NoSuchApp } from '#features/shell/no-such-app.tsx';
import { PageFrame } from '#features/shell/page-frame.tsx';
import { saveDraft } from '#lib/api-client/apps.ts';
import { inWords } from '#lib/api-client/request.ts';
import { useChannel, useEntityValue, useFreshness } from '#lib/engine-client/index.ts';
import { Button } from '#ui/button.tsx';
import { ErrorBanner } from '#ui/error-banner.tsx';
import { startAutosave } from './autosave.ts';
import { deployedChanges } from './deployed-changes.ts';
import { EditorAbout, EditorActions, EditorTools } from './editor-bar.tsx';
import { useEditorCommands } from './editor-commands.ts';
import { EditorProvider, type EditorServices, useEditor } from './editor-context.tsx';
import { EditorNotices } from './editor-notices.tsx';
import { createEditorStore, isThere } from './editor-store.ts';
import { inspectorLiesOver } from './inspector-room.ts';
import { useEditorApp } from './use-editor-app.ts';

const Canvas = dynamic(() => import('#features/canvas/canvas.tsx').then((module) => module.Canvas), {
  ssr: false,
  loading: () => <div className="flex-1 bg-canvas" aria-busy="true" />,
});
const EmptyCanvas = dynamic(() => import('./empty-canvas.tsx').then((module) => module.EmptyCanvas), { ssr: false });
const SilentKafka = dynamic(() => import('./silent-kafka.tsx').then((module) => module.SilentKafka), { ssr: false });
const PlanDialog = dynamic(() => import('#features/deploy/plan-dialog.tsx').then((module) => module.PlanDialog), {
  ssr: false,
});

/** The editor of an app, once the app is known. */
export function EditorPage({ app }: { readonly app: string }) {
  const { detail, deployed, known } = useEditorApp(app);
  const crumbs = [{ label: 'Apps', href: '/' }, { label: app }];
  if (detail.data) return <Editor key={app} app={app} detail={detail.data} deployed={deployed} known={known} />;
  if (detail.isError) {
    return (
      <PageFrame crumbs={crumbs}>
        {isMissing(detail.error) ? (
          <NoSuchApp app={app} />
        ) : (
          <ErrorBanner
            title="The app can't be read"
            actions={<Button onClick={() => void detail.refetch()}>Try now</Button>}
          >
            {inWords(detail.error)}
          </ErrorBanner>
        )}
      </PageFrame>
    );
  }
  return (
    <PageFrame crumbs={crumbs}>
      <div className="flex-1 bg-canvas" aria-busy="true" />
    </PageFrame>
  );
}

const after = (ms: number, then: () => void) => {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
};

function Editor({
  app,
  detail,
  deployed,
  known,
}: {
  readonly app: string;
  readonly detail: AppDetail;
  readonly deployed: AppDocument | null;
  readonly known: boolean;
}) {
  const [store] = useState(() => {
    const created = createEditorStore(
      app,
      { revision: detail.draft.revision, text: detail.text, savedAtMs: Date.parse(detail.draft.savedAt) },
      Date.now,
    );
    if (inspectorLiesOver()) created.getState().openInspector(false);
    const linked = new URLSearchParams(window.location.search).get('select');
    if (linked !== null && isThere(created.getState().draft, linked)) created.getState().select(linked);
    return created;
  });
  const [plan, setPlan] = useState<{ readonly version: number | undefined } | null>(null);
  const autosave = useRef<ReturnType<typeof startAutosave>>(null);
  const live = useChannel({ channel: 'graph', app });
  const freshness = useFreshness(live as never); // freshness is the same whatever the entities
  const kafkaSilent =
    useEntityValue(useChannel({ channel: 'workspace' }), 'health', 'health:kafka', (health) => !health.ok) ?? false;
  const [document, setDocument] = useState(store.getState().draft.reading?.document);

  useEffect(() => store.subscribe((state) => setDocument(state.draft.reading?.document)), [store]);
  useEffect(() => {
    const saving = startAutosave(store, {
      after,
      send: async (text, base) => {
        const saved = await saveDraft(app, text, base);
        return { revision: saved.revision, savedAtMs: Date.parse(saved.savedAt) };
      },
    });
    autosave.current = saving;
    const leave = (event: BeforeUnloadEvent) => {
      if (store.getState().save.kind !== 'saved') {
        void saving.flush();
        event.preventDefault();
      }
    };
    window.addEventListener('beforeunload', leave);
    return () => {
      window.removeEventListener('beforeunload', leave);
      // What was typed last is not left behind with the page.
      void saving.flush().finally(saving.stop);
    };
  }, [app, store]);

  // Saved elsewhere while nothing was edited here: theirs is simply shown.
  useEffect(() => {
    const { base, save } = store.getState();
    if (detail.draft.revision > base.revision && save.kind === 'saved') {
      store.getState().conflicted({ revision: detail.draft.revision, text: detail.text });
      store.getState().resolve('theirs');
    }
  }, [detail.draft.revision, detail.text, store]);

  const changes = useMemo(
    () => (document && known ? deployedChanges(document, deployed) : new Map()),
    [document, deployed, known],
  );
  const services = useMemo<EditorServices>(
    () => ({
      store,
      detail,
      deployed,
      changes,
      live,
      stale: freshness.kind === 'stale' || kafkaSilent,
      kafkaSilent,
      openPlan: (version) => {
        holdKeys();
        setPlan({ version });
      },
      flush: async () => autosave.current?.flush(),
    }),
    [store, detail, deployed, changes, live, freshness.kind, kafkaSilent],
  );
  return (
    <EditorProvider value={services}>
      <PageFrame
        crumbs={[{ label: 'Apps', href: '/' }, { label: app }]}
        about={<EditorAbout />}
        tools={<EditorTools />}
        actions={<EditorActions />}
      >
        <Commands />
        <EditorNotices />
        <div className="relative flex min-h-0 flex-1">
          <div className="flex min-w-0 flex-1 flex-col">
            <Stage />
            <BottomPanel />
          </div>
          {kafkaSilent ? <SilentKafka /> : <Inspector />}
        </div>
      </PageFrame>
      {plan && <PlanDialog version={plan.version} onClose={() => setPlan(null)} />}
    </EditorProvider>
  );
}

function Commands() {
  useEditorCommands();
  return null;
}

/** The canvas, or, where nothing stands on it yet, the ways to begin. */
function Stage() {
  const empty = useEditor(
    (state) =>
      !state.draft.broken &&
      state.draft.reading !== null &&
      state.draft.reading.graph.nodes.length === 0 &&
      Object.keys(state.draft.reading.document.models).length === 0,
  );
  const unread = useEditor((state) => state.draft.reading === null);
  if (unread)
    return (
      <div className="flex min-h-0 flex-1 items-center justify-center bg-canvas text-text-2">
        The text can’t be read yet: mend it in the YAML tab below, and the graph is here.
      </div>
    );
  return (
    <div className="relative flex min-h-0 flex-1">
      <Canvas />
      {empty && <EmptyCanvas />}
    </div>
  );
}
