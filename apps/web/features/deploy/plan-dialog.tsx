'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Diff, Rocket, TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { useKeysText } from '#features/shell/mod-key.ts';
import { deployApp, getVersion, planApp } from '#lib/api-client/apps.ts';
import { ApiFailure, inWords } from '#lib/api-client/request.ts';
import { formatClock, plural } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { Checkbox } from '#ui/checkbox.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { FieldError } from '#ui/field.tsx';
import { Kbd } from '#ui/kbd.tsx';
import { TextField } from '#ui/text-field.tsx';
import { DeployProgress } from './deploy-progress.tsx';
import { PlanGraph } from './plan-graph.tsx';
import { PlanRefused } from './plan-refused.tsx';
import { PlanSummary } from './plan-summary.tsx';
import { PlanTable } from './plan-table.tsx';
import { TextDiff } from './text-diff.tsx';
import { WaysOut } from './ways-out.tsx';

/** What the deploy would do, element by element; then the deploy itself, until it has settled or said why not. `version`: an older one, again. */
export function PlanDialog({
  version,
  onClose,
}: {
  readonly version: number | undefined;
  readonly onClose: () => void;
}) {
  const { store, detail, flush } = useEditorServices();
  const app = store.getState().app;
  const queries = useQueryClient();
  const keysText = useKeysText();
  const draftText = useEditor((state) => state.draft.text);
  const [message, setMessage] = useState('');
  const [confirmed, setConfirmed] = useState<ReadonlySet<string>>(new Set());
  const [showDiff, setShowDiff] = useState(false);
  const messageField = useRef<HTMLInputElement>(null);
  const text = draftText;
  const plan = useQuery({
    queryKey: ['plan', app, version ?? text],
    queryFn: () => planApp(app, version === undefined ? { text } : { version }),
    retry: false,
    gcTime: 0,
    staleTime: 0,
  });
  const deployedVersion = detail.deployment?.version ?? null;
  const before = useQuery({
    queryKey: ['apps', app, 'versions', deployedVersion],
    queryFn: () => getVersion(app, deployedVersion ?? 0),
    enabled: deployedVersion !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const older = useQuery({
    queryKey: ['apps', app, 'versions', version ?? 0],
    queryFn: () => getVersion(app, version ?? 0),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const deploy = useMutation({
    mutationFn: async () => {
      if (version !== undefined) return deployApp(app, { version, message, confirm: [...confirmed] });
      await flush();
      const { save, base } = store.getState();
      if (save.kind !== 'saved')
        throw new ApiFailure('not-saved', 'The draft could not be saved, so it is not deployed.', {
          hint: save.kind === 'failed' ? save.message : 'Someone else changed it: choose whose it shall be.',
        });
      return deployApp(app, { baseRevision: base.revision, message, confirm: [...confirmed] });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['apps'] }),
  });
  const made = plan.data?.plan;
  const problems = plan.data?.problems ?? (plan.error instanceof ApiFailure ? plan.error.problems : []);
  const errors = problems.filter((problem) => problem.severity === 'error');
  const warnings = problems.filter((problem) => problem.severity === 'warning');
  const open = made?.confirmations.filter(({ element }) => !confirmed.has(element)) ?? [];
  const ready =
    made !== undefined &&
    errors.length === 0 &&
    open.length === 0 &&
    made.splits.length === 0 &&
    !deploy.isPending &&
    !deploy.isSuccess;
  const again = made?.how === 'none';
  const run = () => ready && deploy.mutate();
  const target = version ?? made?.to;

  if (deploy.isSuccess)
    return (
      <DeployProgress version={deploy.data.version} generation={deploy.data.deployment.generation} onClose={onClose} />
    );
  return (
    <Dialog
      open
      onClose={onClose}
      width={980}
      title={
        version === undefined
          ? `Deploy ${target === undefined ? '' : `v${target} of `}${app}`
          : `Deploy v${version} of ${app} again`
      }
      note={
        deployedVersion === null
          ? 'the first version'
          : `compared with v${deployedVersion}${detail.deployment ? `, deployed ${formatClock(Date.parse(detail.deployment.deployedAt)).slice(0, 5)}` : ''}`
      }
      actions={
        <Button
          variant="bare"
          icon={<Diff aria-hidden="true" size={14} />}
          aria-pressed={showDiff}
          onClick={() => setShowDiff(!showDiff)}
        >
          {showDiff ? 'Plan' : 'Text diff'}
        </Button>
      }
      initialFocus={messageField}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        run();
      }}
      footerNote={
        <Notes
          warnings={warnings.map((problem) => problem.message)}
          failure={deploy.isError ? inWords(deploy.error) : undefined}
        />
      }
      footer={
        <>
          <Button variant="bare" onClick={onClose}>
            Cancel <Kbd>Esc</Kbd>
          </Button>
          <Button
            variant={again ? 'quiet' : 'primary'}
            disabled={!ready}
            onClick={run}
            icon={<Rocket aria-hidden="true" size={14} />}
            kbd={keysText('mod+enter')}
          >
            {deploy.isPending
              ? 'Deploying…'
              : target === undefined
                ? 'Deploy'
                : `Deploy v${target}${again ? ' again' : ''}`}
          </Button>
        </>
      }
    >
      {showDiff ? (
        <div className="min-h-[300px]">
          <TextDiff before={before.data?.text ?? ''} after={version === undefined ? text : (older.data?.text ?? '')} />
        </div>
      ) : (
        <>
          {plan.isError && errors.length === 0 && (
            <div className="p-5">
              <FieldError message={inWords(plan.error)} />
            </div>
          )}
          {errors.length > 0 && <PlanRefused problems={errors} onClose={onClose} />}
          {made && errors.length === 0 && <PlanSummary plan={made} />}
          {made && errors.length === 0 && <PlanGraph plan={made} />}
          {errors.length === 0 && <PlanTable plan={made} />}
        </>
      )}
      {errors.length === 0 && (
        <div className="flex flex-col gap-3 px-5 py-4">
          {again && (
            <p className="text-12 text-text-2">
              The draft says what already runs. Deploying it again restarts nothing.
            </p>
          )}
          {made?.splits.map((split) => (
            <section
              key={split.tables.join()}
              aria-label={`${split.tables.join(', ')} would be split`}
              className="flex flex-col gap-2 rounded-control border border-warn-line bg-warn-tint px-3 py-2"
            >
              <p>{split.message}</p>
              {version === undefined ? (
                <WaysOut split={split} />
              ) : (
                <p className="text-12 text-text-2">
                  This version can’t be deployed as it is. Bring it back into the draft, and its plan offers the ways
                  out.
                </p>
              )}
            </section>
          ))}
          {made?.confirmations.map(({ element, message: words }) => (
            <div key={element} className="rounded-control border border-bad-line bg-bad-tint px-3 py-2">
              <Checkbox
                checked={confirmed.has(element)}
                onChange={(on) =>
                  setConfirmed((now) => new Set(on ? [...now, element] : [...now].filter((one) => one !== element)))
                }
              >
                {words}
              </Checkbox>
            </div>
          ))}
          <TextField
            ref={messageField}
            aria-label="Message, shown in History"
            placeholder="What changes, in a line: shown in History"
            value={message}
            onChange={setMessage}
            maxLength={500}
          />
        </div>
      )}
    </Dialog>
  );
}

function Notes({ warnings, failure }: { readonly warnings: readonly string[]; readonly failure: string | undefined }) {
  if (failure !== undefined) return <FieldError message={failure} />;
  if (warnings.length === 0) return null;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="flex shrink-0 items-center gap-1.5 font-medium text-warn">
        <TriangleAlert aria-hidden="true" size={13} />
        {plural(warnings.length, 'warning')}
      </span>
      <span className="truncate" title={warnings.join('\n')}>
        {warnings[0]}
      </span>
    </span>
  );
}
