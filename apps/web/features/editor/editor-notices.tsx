'use client';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useEntity } from '#lib/engine-client/index.ts';
import { Button } from '#ui/button.tsx';
import { ErrorBanner } from '#ui/error-banner.tsx';
import { useEditor, useEditorServices } from './editor-context.tsx';
import { PartitionWays } from './partition-ways.tsx';

const ConflictDialog = dynamic(() => import('./conflict-dialog.tsx').then((module) => module.ConflictDialog), {
  ssr: false,
});

/** What stands between the draft and a good end, above the canvas, which stays usable. */
export function EditorNotices() {
  const { store, detail, live } = useEditorServices();
  const save = useEditor((state) => state.save);
  const broken = useEditor((state) => state.draft.broken);
  const first = useEditor((state) => state.draft.problems.find((problem) => problem.severity === 'error'));
  const [reviewing, setReviewing] = useState(false);
  const [hidden, setHidden] = useState<string | null>(null);
  const entity = useEntity(live, 'app', `app:${detail.app}`);
  const { deployment } = detail;
  const failure =
    entity?.failedVersion ??
    (deployment?.outcome === 'failed'
      ? { version: deployment.version, reason: deployment.reason ?? 'no reason given' }
      : null);
  const failureKey = failure && `${failure.version} ${failure.reason} ${deployment?.generation}`;
  const running = entity?.version ?? deployment?.runningVersion ?? null;
  return (
    <>
      {save.kind === 'conflict' && (
        <ErrorBanner
          title="The draft was changed elsewhere"
          tone="warn"
          actions={
            <>
              <Button onClick={() => setReviewing(true)}>Review</Button>
              <Button onClick={() => store.getState().resolve('theirs')}>Take theirs</Button>
              <Button onClick={() => store.getState().resolve('mine')}>Keep mine</Button>
            </>
          }
        >
          Yours is not saved until you choose; you can go on editing.
        </ErrorBanner>
      )}
      {failure && failureKey !== hidden && (
        <ErrorBanner
          title={`v${failure.version} did not start`}
          actions={<Button onClick={() => setHidden(failureKey)}>Hide</Button>}
        >
          {/[.!?]$/.test(failure.reason) ? failure.reason : `${failure.reason}.`}{' '}
          {running !== null && running !== failure.version
            ? `v${running} runs on as before.`
            : 'Nothing runs of it now; the draft is as it was.'}
        </ErrorBanner>
      )}
      {entity?.quarantine && (
        <ErrorBanner title="It runs in a worker of its own" tone="warn">
          It has ended a worker: {entity.quarantine}. It goes back among the other apps once it is past those records.
        </ErrorBanner>
      )}
      {entity?.status === 'retrying' && (
        <ErrorBanner title="Retrying" tone="warn">
          {entity.reason}
        </ErrorBanner>
      )}
      {entity?.status === 'failed' && failure === null && (
        <ErrorBanner title="The app has stopped">{entity.reason}</ErrorBanner>
      )}
      {(failure || entity?.status === 'failed') && <PartitionWays />}
      {broken && (
        <ErrorBanner
          title="The text can’t be read"
          tone="warn"
          actions={
            <>
              <Button onClick={() => store.getState().showPanel('yaml')}>Show the text</Button>
              <Button onClick={() => store.getState().undo()}>Undo</Button>
            </>
          }
        >
          {first?.message}. The last graph that could be read is shown.
        </ErrorBanner>
      )}
      {reviewing && <ConflictDialog onClose={() => setReviewing(false)} />}
    </>
  );
}
