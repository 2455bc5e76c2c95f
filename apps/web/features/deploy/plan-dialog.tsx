'use client';
import type { Plan } from '@millrace/spec';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Diff, Rocket, TriangleAlert } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { useKeysText } from '#features/shell/mod-key.ts';
import { deployApp, getVersion, planApp } from '#lib/api-client/apps.ts';
import { ApiFailure, inWords } from '#lib/api-client/request.ts';
import { formatClock, formatSpan, plural } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { ChangeTag } from '#ui/change-tag.tsx';
import { Checkbox } from '#ui/checkbox.tsx';
import { cx } from '#ui/cx.ts';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { FieldError } from '#ui/field.tsx';
import { Kbd } from '#ui/kbd.tsx';
import { type ElementKind, KindIcon } from '#ui/kind-icon.tsx';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';
import { TextField } from '#ui/text-field.tsx';
import { DeployProgress } from './deploy-progress.tsx';
import { PlanGraph } from './plan-graph.tsx';
import { TextDiff } from './text-diff.tsx';

const order = { topic: 0, model: 1, agent: 2, table: 3, settings: 4 } as const;

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
    made !== undefined && errors.length === 0 && open.length === 0 && !deploy.isPending && !deploy.isSuccess;
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
            variant="primary"
            disabled={!ready}
            onClick={run}
            icon={<Rocket aria-hidden="true" size={14} />}
            kbd={keysText('mod+enter')}
          >
            {deploy.isPending ? 'Deploying…' : target === undefined ? 'Deploy' : `Deploy v${target}`}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the fields inside arrive here */}
      <div
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
            event.preventDefault();
            run();
          }
        }}
      >
        {showDiff ? (
          <div className="min-h-[300px]">
            <TextDiff
              before={before.data?.text ?? ''}
              after={version === undefined ? text : (older.data?.text ?? '')}
            />
          </div>
        ) : (
          <>
            {plan.isError && errors.length === 0 && (
              <div className="p-5">
                <FieldError message={inWords(plan.error)} />
              </div>
            )}
            {errors.length > 0 && <Refused problems={errors} onClose={onClose} />}
            {made && errors.length === 0 && <Summary plan={made} />}
            {made && errors.length === 0 && <PlanGraph plan={made} />}
            {errors.length === 0 && (
              <DataTable label="Plan">
                <thead>
                  <tr>
                    <HeadCell className="!border-t-0 !pl-5">Plan</HeadCell>
                    <HeadCell className="!border-t-0">Element</HeadCell>
                    <HeadCell className="!border-t-0">What changes</HeadCell>
                    <HeadCell className="!border-t-0">State</HeadCell>
                    <HeadCell className="!border-t-0">Pause</HeadCell>
                  </tr>
                </thead>
                <tbody>
                  {plan.isPending && <SkeletonRows rows={5} widths={[70, 120, 220, 140, 50]} />}
                  {made?.elements
                    .toSorted((a, b) => order[a.kind] - order[b.kind])
                    .map((element) => (
                      <Row key={`${element.kind}:${element.id}`} className="!h-9">
                        <Cell className="!pl-5">
                          <ChangeTag change={element.change} className="!w-[74px]" />
                        </Cell>
                        <Cell>
                          <span className="flex items-center gap-2 font-semibold">
                            <KindIcon kind={element.kind as ElementKind} size={14} />
                            {element.kind === 'settings' ? 'settings' : element.id}
                          </span>
                        </Cell>
                        <Cell className="max-w-[340px] py-1 whitespace-normal text-text-2">
                          {element.what.join('; ') || '—'}
                        </Cell>
                        <Cell
                          className={cx(
                            'max-w-[250px] py-1 whitespace-normal',
                            element.state.fate === 'dropped'
                              ? 'text-bad'
                              : element.state.fate === 'starts-empty'
                                ? 'text-warn'
                                : 'text-text-2',
                          )}
                        >
                          {element.state.words || '—'}
                        </Cell>
                        <Cell className={element.pause === 'rejoin' ? 'text-warn' : ''}>
                          {element.pause === 'rejoin' ? 'rejoin' : 'none'}
                        </Cell>
                      </Row>
                    ))}
                </tbody>
              </DataTable>
            )}
          </>
        )}
        {made && errors.length === 0 && (
          <div className="flex flex-col gap-2 px-5 py-4">
            {again && (
              <p className="text-12 text-text-2">
                The draft says what already runs. Deploying it again restarts nothing.
              </p>
            )}
            {made.confirmations.map(({ element, message: words }) => (
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
      </div>
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

function Refused({
  problems,
  onClose,
}: {
  readonly problems: readonly {
    readonly message: string;
    readonly path: readonly (string | number)[];
    readonly hint?: string;
  }[];
  readonly onClose: () => void;
}) {
  const { store } = useEditorServices();
  return (
    <div className="px-5 py-4">
      <h3 className="mb-2 font-semibold text-bad">
        {plural(problems.length, 'problem')} to mend before it can be deployed
      </h3>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.path.join('/')}-${problem.message}`} className="border-b border-line">
            <button
              type="button"
              className="flex w-full gap-2 py-1.5 text-left hover:bg-hover"
              onClick={() => {
                onClose();
                store.getState().reveal(problem.path);
              }}
            >
              {problem.message} <span className="text-text-3">{problem.hint}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Summary({ plan }: { readonly plan: Plan }) {
  const dropped = plan.elements.filter(
    (element) => element.state.fate === 'dropped' || element.state.fate === 'starts-empty',
  );
  const kept = plan.elements.filter((element) => element.kind === 'table' && element.state.fate === 'kept');
  const how = {
    none: ['Nothing', 'changes'],
    swap: ['Swapped', 'between batches'],
    rejoin: ['Rejoins', 'its group'],
    start: ['Starts', 'from nothing'],
  }[plan.how];
  return (
    <dl className="grid grid-cols-5 divide-x divide-line border-b border-line max-lg:grid-cols-3">
      <Fact
        label="Expected pause"
        value={
          plan.expectedPause.kind === 'none' ? (
            <span className="flex items-center gap-1.5 text-accent">
              <Check aria-hidden="true" size={14} />
              None
            </span>
          ) : (
            <span className="text-warn">about {formatSpan(plan.expectedPause.aboutMs)}</span>
          )
        }
      />
      <Fact label="How" value={how[0]} unit={how[1]} />
      <Fact
        label="Topics to create"
        value={plan.topicsToCreate.length}
        title={plan.topicsToCreate.map((topic) => `${topic.name}, ${plural(topic.partitions, 'partition')}`).join('\n')}
        unit={
          plan.topicsToCreate.length > 0
            ? plan.topicsToCreate
                .map((topic) => topic.role)
                .filter((role, index, all) => all.indexOf(role) === index)
                .join(', ')
            : undefined
        }
      />
      <Fact
        label="State"
        value={
          dropped.length > 0 ? (
            <span className="text-bad">{plural(dropped.length, 'element')} lost</span>
          ) : kept.length > 0 ? (
            `${plural(kept.length, 'table')} kept`
          ) : (
            'None yet'
          )
        }
      />
      <Fact label="Other apps" value="Run on" unit="untouched" />
    </dl>
  );
}

function Fact({
  label,
  value,
  unit,
  title,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly unit?: string | undefined;
  readonly title?: string;
}) {
  return (
    <div className="min-w-0 px-5 py-2" title={title}>
      <dt className="text-11 text-text-2">{label}</dt>
      <dd className="truncate text-15 leading-6 font-semibold">
        {value}
        {unit !== undefined && <span className="text-12 font-normal text-text-2"> {unit}</span>}
      </dd>
    </div>
  );
}
