'use client';
import { useQuery } from '@tanstack/react-query';
import { Check, OctagonX, RotateCcw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { getApp } from '#lib/api-client/apps.ts';
import { appQuery } from '#lib/api-client/queries.ts';
import { useEntity } from '#lib/engine-client/index.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { Status } from '#ui/status.tsx';

/** An app that has run for so long has read its first records. */
const steadyMs = 1500;

/** A deploy on its way: until the engine says that it runs, or why it doesn't. Closes by itself when it went well. */
export function DeployProgress({
  version,
  generation,
  onClose,
}: {
  readonly version: number;
  readonly generation: number;
  readonly onClose: () => void;
}) {
  const { store, live } = useEditorServices();
  const app = store.getState().app;
  const entity = useEntity(live, 'app', `app:${app}`);
  const detail = useQuery({ queryKey: appQuery(app).queryKey, queryFn: () => getApp(app), refetchInterval: 400 });
  const deployment = detail.data?.deployment;
  const observed =
    deployment !== null && deployment !== undefined && deployment.generation >= generation ? deployment : undefined;
  const taken = observed?.outcome === 'settled';
  // What was taken over may still fail at its first records.
  const broke = taken && entity?.status === 'failed';
  const failed = observed?.outcome === 'failed' || broke;
  const settled = taken && !broke && (entity === undefined || entity.status === observed.desired);
  const done = useRef(onClose);
  done.current = onClose;
  useEffect(() => {
    if (!settled) return;
    const timer = setTimeout(() => done.current(), steadyMs);
    return () => clearTimeout(timer);
  }, [settled]);
  const restoring = entity?.restoring;
  return (
    <Dialog
      open
      onClose={onClose}
      width={520}
      title={
        broke
          ? `v${version} failed`
          : failed
            ? `v${version} did not start`
            : settled
              ? `v${version} runs`
              : `Deploying v${version}`
      }
      footer={<Button onClick={onClose}>{settled || failed ? 'Close' : 'Go on in the background'}</Button>}
    >
      <div role="status" aria-live="polite" className="flex flex-col gap-2 px-5 py-5">
        {failed && observed ? (
          <>
            <p className="flex items-start gap-2 text-bad">
              <OctagonX aria-hidden="true" size={16} className="mt-0.5 shrink-0" />
              <span className="min-w-0 wrap-anywhere">
                {(broke ? entity?.reason : observed.reason) ?? 'The engine gave no reason.'}
              </span>
            </p>
            <p className="text-text-2">
              {broke
                ? 'It was taken over and started. What it had committed is kept; mend it and deploy again, or deploy an older version from History.'
                : observed.runningVersion === null
                  ? 'Nothing runs of this app now. The draft is as it was.'
                  : `v${observed.runningVersion} runs on as before; no record and no state is lost. The draft is as it was.`}
            </p>
          </>
        ) : settled ? (
          <p className="flex items-center gap-2 text-accent">
            <Check aria-hidden="true" size={16} />
            Every worker has taken it over.
          </p>
        ) : (
          <>
            <p className="flex items-center gap-2 text-warn">
              <RotateCcw aria-hidden="true" size={15} />
              {restoring
                ? `Restoring its tables: ${Math.floor((restoring.done / Math.max(1, restoring.total)) * 100)} %`
                : 'Waiting for the engine and its workers to take it over.'}
            </p>
            {entity && entity.status !== 'draft' && (
              <p className="flex items-center gap-2 text-text-2">
                Meanwhile:{' '}
                <Status status={entity.status} {...(entity.version !== null && { detail: `v${entity.version}` })} />
              </p>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}
