'use client';
import type { Template } from '@millrace/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Radio } from 'lucide-react';
import { useState } from 'react';
import { createApp } from '#lib/api-client/apps.ts';
import { useTemplates } from '#lib/api-client/queries.ts';
import { inWords } from '#lib/api-client/request.ts';
import { Button } from '#ui/button.tsx';
import { cx } from '#ui/cx.ts';
import { createAndRun, freeName, type RunStep } from './create-and-run.ts';
import { NameField, nameFault } from './name-field.tsx';
import type { WayProps } from './new-app-dialog.tsx';
import { WayFooter } from './way-footer.tsx';

const progressWords: Record<RunStep, string> = {
  creating: 'Creating…',
  deploying: 'Deploying…',
  generating: 'Starting sample data…',
  done: 'Opening…',
};

/** A working example: created alone, or created, deployed and fed with sample data at once. */
export function FromTemplate({ taken, onCreated, chosen }: WayProps & { readonly chosen: string | null }) {
  const templates = useTemplates();
  const queries = useQueryClient();
  const [id, setId] = useState(chosen);
  const [name, setName] = useState<string>();
  const [step, setStep] = useState<RunStep>();
  const [created, setCreated] = useState<string>();
  const list = templates.data ?? [];
  const template = list.find((one) => one.id === id) ?? list[0];
  const app = created ?? name ?? (template ? freeName(template.id, taken) : '');
  const settled = () => queries.invalidateQueries({ queryKey: ['apps'] });
  const run = useMutation({
    mutationFn: (from: Template) =>
      createAndRun(from, app, (next, made) => {
        setStep(next);
        if (next !== 'creating') setCreated(made);
      }),
    onSuccess: onCreated,
    onSettled: settled,
  });
  const create = useMutation({
    mutationFn: (from: Template) => createApp({ template: from.id, app }),
    onSuccess: (made) => onCreated(made.app),
    onSettled: settled,
  });
  const busy = run.isPending || create.isPending || run.isSuccess || create.isSuccess;
  const failed = run.isError
    ? inWords(run.error)
    : create.isError
      ? inWords(create.error)
      : templates.isError
        ? inWords(templates.error)
        : undefined;
  return (
    <>
      <div className="grid min-h-[300px] grid-cols-[1fr_260px] divide-x divide-line max-sm:grid-cols-1">
        <div role="radiogroup" aria-label="Template" className="p-2">
          {list.map((one) => (
            // biome-ignore lint/a11y/useSemanticElements: two lines of text make no radio input
            <button
              key={one.id}
              type="button"
              role="radio"
              aria-checked={one.id === template?.id}
              onClick={() => {
                setId(one.id);
                setName(undefined);
              }}
              className={cx(
                'block w-full rounded-control border-l-2 px-3 py-2 text-left',
                one.id === template?.id ? 'border-accent bg-tint' : 'border-transparent hover:bg-hover',
              )}
            >
              <span className="block font-semibold">{one.title}</span>
              <span className="block text-12 text-text-2">{one.summary}</span>
            </button>
          ))}
        </div>
        <div className="flex min-w-0 flex-col gap-3 p-4">
          <NameField value={app} onChange={setName} taken={created === app ? [] : taken} />
          {template && (
            <pre
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
              tabIndex={0}
              className="max-h-[230px] overflow-auto rounded-control border border-line-2 bg-inset p-2.5 font-mono text-11 leading-4 text-text-2"
            >
              {template.text}
            </pre>
          )}
        </div>
      </div>
      <WayFooter error={failed}>
        {created !== undefined && run.isError ? (
          <Button variant="primary" onClick={() => onCreated(created)}>
            Open {created}
          </Button>
        ) : (
          <>
            <Button
              disabled={!template || busy || nameFault(app, taken) !== undefined || app === ''}
              onClick={() => template && create.mutate(template)}
            >
              Create only
            </Button>
            <Button
              variant="primary"
              icon={<Radio aria-hidden="true" size={14} />}
              disabled={!template || busy || nameFault(app, taken) !== undefined || app === ''}
              onClick={() => template && run.mutate(template)}
            >
              {busy && step ? progressWords[step] : 'Create and run'}
            </Button>
          </>
        )}
      </WayFooter>
    </>
  );
}
