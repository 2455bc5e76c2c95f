'use client';
import type { Template } from '@millrace/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Radio } from 'lucide-react';
import { useState } from 'react';
import { createApp } from '#lib/api-client/apps.ts';
import { useTemplates } from '#lib/api-client/queries.ts';
import { inWords } from '#lib/api-client/request.ts';
import { Button } from '#ui/button.tsx';
import { RadioList } from '#ui/radio-list.tsx';
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
export function FromTemplate({ taken, onCreated, chosen, first }: WayProps & { readonly chosen: string | null }) {
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
  const ready = template !== undefined && !busy && nameFault(app, taken) === undefined && app !== '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && created === undefined) run.mutate(template);
      }}
    >
      <div className="grid min-h-[300px] grid-cols-[1fr_260px] divide-x divide-line max-sm:grid-cols-1">
        <RadioList
          label="Template"
          value={template?.id}
          options={list.map((one) => ({
            value: one.id,
            content: (
              <>
                <span className="block font-semibold">{one.title}</span>
                <span className="block text-12 text-text-2">{one.summary}</span>
              </>
            ),
          }))}
          onChange={(next) => {
            setId(next);
            setName(undefined);
          }}
          className="p-2"
          itemClassName="block py-2"
        />
        <div className="flex min-w-0 flex-col gap-3 p-4">
          <NameField ref={first} value={app} onChange={setName} taken={created === app ? [] : taken} />
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
            <Button disabled={!ready} onClick={() => template && create.mutate(template)}>
              Create only
            </Button>
            <Button variant="primary" type="submit" icon={<Radio aria-hidden="true" size={14} />} disabled={!ready}>
              {busy && step ? progressWords[step] : 'Create and run'}
            </Button>
          </>
        )}
      </WayFooter>
    </form>
  );
}
