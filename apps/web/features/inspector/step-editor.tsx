'use client';
import { type DocumentPath, type Edit, fieldsOf, formatType, type Scope, type Step } from '@millrace/spec';
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { operatorWord } from '#features/canvas/words.ts';
import { shortMessage } from '#features/editor/draft.ts';
import { useEditor, useEditorServices, useProblemAt } from '#features/editor/editor-context.tsx';
import { ExpressionField } from '#features/expression/expression-field.tsx';
import { FieldError } from '#ui/field.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { OpIcon } from '#ui/op-icon.tsx';
import { Select } from '#ui/select.tsx';
import { TextButton } from '#ui/text-button.tsx';
import { TextField } from '#ui/text-field.tsx';
import { GroupBody } from './group-body.tsx';
import { type Operator, operators, skeleton } from './step-skeleton.ts';

/** One step of an agent: what it does, with what, and what it lets out. */
export function StepEditor({
  agent,
  step,
  index,
  count,
}: {
  readonly agent: string;
  readonly step: Step;
  readonly index: number;
  readonly count: number;
}) {
  const { store } = useEditorServices();
  const reading = useEditor((state) => state.draft.reading);
  const path = ['agents', agent, 'steps', index];
  const problem = useProblemAt(path);
  const stage = reading?.types.get(`agent:${agent}/${step.id}`);
  const written = stepsOf(reading?.authored, agent)[index];
  const edit = (...edits: Edit[]) => store.getState().edit(edits);
  const move = (by: -1 | 1) => {
    const to = index + by;
    edit(
      { path },
      { path: ['agents', agent, 'steps', to], value: written, ...(to < count - 1 && { insert: true as const }) },
    );
  };
  const operator = operatorWord(step) as Operator; // the nine words of the nine forms
  return (
    <li className="border-b border-line py-2 first:pt-0 last:border-0 last:pb-0" data-path={path.join('/')}>
      <div className="mb-1.5 flex items-center gap-1.5">
        <OpIcon op={step.op} />
        <Select<Operator>
          aria-label={`Operator of step ${index + 1}`}
          mono
          className="w-28"
          value={operator}
          options={operators.map((one) => ({ value: one.operator, label: one.label, hint: one.words }))}
          onChange={(next) => reading && edit({ path, value: skeleton(next, reading.document, stage?.in) })}
        />
        <span className="ml-auto flex">
          <IconButton
            label={`Move step ${index + 1} up`}
            title="Move up"
            disabled={index === 0}
            icon={<ArrowUp size={14} />}
            onClick={() => move(-1)}
          />
          <IconButton
            label={`Move step ${index + 1} down`}
            title="Move down"
            disabled={index === count - 1}
            icon={<ArrowDown size={14} />}
            onClick={() => move(1)}
          />
          <IconButton
            label={`Take step ${index + 1} out`}
            title="Take out"
            icon={<X size={14} />}
            onClick={() => edit({ path })}
          />
        </span>
      </div>
      <StepBody step={step} path={path} scope={stage?.in} />
      {problem && (
        <FieldError
          message={shortMessage(problem)}
          fix={problem.fix && { label: problem.fix.label, apply: () => edit(...(problem.fix?.edits ?? [])) }}
        />
      )}
    </li>
  );
}

function stepsOf(authored: unknown, agent: string): readonly unknown[] {
  const steps = (authored as { agents?: Record<string, { steps?: unknown }> } | undefined)?.agents?.[agent]?.steps; // parsed: an agent is a mapping where the document could be read
  return Array.isArray(steps) ? steps : [];
}

interface BodyProps {
  readonly step: Step;
  readonly path: DocumentPath;
  readonly scope: Scope | undefined;
}

function StepBody({ step, path, scope }: BodyProps) {
  const { store } = useEditorServices();
  const document = useEditor((state) => state.draft.reading?.document);
  const edit = (...edits: Edit[]) => store.getState().edit(edits);
  if (!document) return null;
  switch (step.op) {
    case 'filter':
      return <ExpressionField label="Condition" path={[...path, 'filter']} value={step.where} scope={scope} />;
    case 'group_by':
      return <GroupBody step={step} path={path} scope={scope} />;
    case 'aggregate':
      return (
        <Reference
          label="Table"
          path={[...path, 'aggregate']}
          value={step.table}
          options={Object.keys(document.tables)}
        />
      );
    case 'send':
      return (
        <div className="flex flex-col gap-1.5">
          <Reference
            label="Topic"
            path={[...path, 'send', 'to']}
            value={step.to}
            options={Object.keys(document.topics)}
            onChange={(to) =>
              edit({ path: [...path, 'send'], value: step.key === undefined ? to : { to, key: step.key } })
            }
          />
          <div className="grid grid-cols-[48px_minmax(0,1fr)] items-start gap-2">
            <span className="py-1 text-12 text-text-2">key</span>
            <ExpressionField
              label="Key of the record"
              path={[...path, 'send', 'key']}
              value={step.key ?? 'key'}
              scope={scope}
              write={(key) => edit({ path: [...path, 'send'], value: key === 'key' ? step.to : { to: step.to, key } })}
            />
          </div>
        </div>
      );
    case 'map':
      return <MapBody step={step} path={path} scope={scope} />;
  }
}

function Reference({
  label,
  path,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly path: DocumentPath;
  readonly value: string;
  readonly options: readonly string[];
  readonly onChange?: (value: string) => void;
}) {
  const { store } = useEditorServices();
  const problem = useProblemAt(path);
  const put = onChange ?? ((next: string) => store.getState().edit([{ path, value: next }]));
  return (
    <div data-path={path.join('/')}>
      <Select
        aria-label={label}
        mono
        value={value}
        options={[...new Set([...options, value])].map((option) => ({
          value: option,
          label: option,
          ...(!options.includes(option) && { hint: 'is not there' }),
        }))}
        onChange={put}
        {...(problem && { 'aria-invalid': true as const })}
      />
      {problem && (
        <FieldError
          message={shortMessage(problem)}
          fix={
            problem.fix && { label: problem.fix.label, apply: () => store.getState().edit(problem.fix?.edits ?? []) }
          }
        />
      )}
    </div>
  );
}

function MapBody({ step, path, scope }: BodyProps & { readonly step: Extract<Step, { op: 'map' }> }) {
  const { store } = useEditorServices();
  const document = useEditor((state) => state.draft.reading?.document);
  const edit = (...edits: Edit[]) => store.getState().edit(edits);
  const fields = (scope && document && fieldsOf(scope.value, document)) ?? {};
  if (step.mode === 'keep' || step.mode === 'drop') {
    const at = [...path, step.mode];
    const names = [...new Set([...Object.keys(fields), ...step.names])];
    const toggle = (name: string) => {
      const next = step.names.includes(name) ? step.names.filter((one) => one !== name) : [...step.names, name];
      if (next.length > 0) edit({ path: at, value: next });
    };
    return (
      <fieldset aria-label={`Fields to ${step.mode}`} data-path={at.join('/')} className="flex flex-wrap gap-1">
        {names.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={step.names.includes(name)}
            onClick={() => toggle(name)}
            title={fields[name] ? formatType(fields[name].type) : 'not a field of what comes in'}
            className="h-6 rounded-tag border border-line-2 px-1.5 font-mono text-12 text-text-2 hover:bg-hover aria-pressed:border-tint-line aria-pressed:bg-tint aria-pressed:text-accent"
          >
            {name}
          </button>
        ))}
      </fieldset>
    );
  }
  const key = step.mode === 'replace' ? 'map' : step.mode;
  const entries: readonly (readonly [string, string])[] =
    step.mode === 'rename' ? Object.entries(step.names) : Object.entries(step.fields);
  const free = () => {
    const unused = Object.keys(fields).find((name) => !entries.some(([taken]) => taken === name));
    let name = unused ?? 'field';
    for (let number = 2; entries.some(([taken]) => taken === name); number += 1) name = `field${number}`;
    return { name, value: step.mode === 'rename' ? `${name}2` : unused === undefined ? 'null' : `value.${unused}` };
  };
  return (
    <div className="flex flex-col gap-1.5">
      {entries.map(([name, value]) => (
        <div key={name} className="grid grid-cols-[88px_minmax(0,1fr)_24px] items-start gap-1.5">
          <TextField
            aria-label={step.mode === 'rename' ? 'From' : 'Field'}
            mono
            value={name}
            onCommit={(next) => next.trim() !== '' && edit({ path: [...path, key, name], rename: next.trim() })}
          />
          {step.mode === 'rename' ? (
            <TextField
              aria-label={`New name of ${name}`}
              mono
              value={value}
              onCommit={(next) => next.trim() !== '' && edit({ path: [...path, key, name], value: next.trim() })}
            />
          ) : (
            <ExpressionField label={`Value of ${name}`} path={[...path, key, name]} value={value} scope={scope} />
          )}
          <IconButton
            className="!w-6"
            label={`Take out ${name}`}
            icon={<X size={13} />}
            disabled={entries.length === 1}
            onClick={() => edit({ path: [...path, key, name] })}
          />
        </div>
      ))}
      <TextButton
        icon={<Plus aria-hidden="true" size={12} />}
        onClick={() => {
          const { name, value } = free();
          edit({ path: [...path, key, name], value });
        }}
      >
        Add a field
      </TextButton>
    </div>
  );
}
