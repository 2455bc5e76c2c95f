'use client';
import type { Agent, Edit } from '@millrace/spec';
import { ChevronDown, Plus } from 'lucide-react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { FieldError } from '#ui/field.tsx';
import { Menu } from '#ui/menu.tsx';
import { OpIcon } from '#ui/op-icon.tsx';
import { Section } from '#ui/section.tsx';
import { Segmented } from '#ui/segmented.tsx';
import { Select } from '#ui/select.tsx';
import { TextButton } from '#ui/text-button.tsx';
import { DocumentField } from './document-field.tsx';
import { NameField } from './name-field.tsx';
import { Sentence, SentencePart } from './sentence.tsx';
import { StepEditor } from './step-editor.tsx';
import { operators, skeleton } from './step-skeleton.ts';
import { UsedBy } from './used-by.tsx';

/** An agent: what it reads, and the steps that each event goes through. */
export function AgentForm({ name }: { readonly name: string }) {
  const { store } = useEditorServices();
  const reading = useEditor((state) => state.draft.reading);
  const agent = reading?.document.agents[name];
  if (!reading || !agent) return null;
  const { document } = reading;
  const edit = (...edits: Edit[]) => store.getState().edit(edits);
  const at = (...rest: (string | number)[]) => ['agents', name, ...rest];
  const out = reading.types.get(`agent:${name}`)?.out;
  return (
    <>
      <Sentence>
        Reads{' '}
        <SentencePart path={at('from')}>
          {agent.from.kind === 'changes' ? `the changes of ${agent.from.table}` : agent.from.topics.join(' and ')}
        </SentencePart>
        {agent.steps.length === 0
          ? ', and does nothing with it yet.'
          : `, then takes each event through ${agent.steps.length === 1 ? 'one step' : `${agent.steps.length} steps`}.`}
      </Sentence>
      <Section title="Source">
        <div className="flex flex-col gap-2">
          <NameField id={`agent:${name}`} />
          <SourceField name={name} from={agent.from} />
        </div>
      </Section>
      <Section
        title="Steps"
        action={
          <Menu
            align="end"
            trigger={<TextButton icon={<Plus aria-hidden="true" size={12} />}>Add a step</TextButton>}
            entries={operators.map(({ operator, label }) => ({
              label,
              icon: <OpIcon op={operator} />,
              onSelect: () => edit({ path: at('steps', agent.steps.length), value: skeleton(operator, document, out) }),
            }))}
          />
        }
      >
        <ol className="flex flex-col">
          {agent.steps.map((step, index) => (
            <StepEditor key={step.id} agent={name} step={step} index={index} count={agent.steps.length} />
          ))}
        </ol>
        {agent.steps.length === 0 && (
          <p className="text-12 text-text-3">
            A filter drops events, a map changes them, group_by gives them another key, aggregate keeps the result in a
            table, send writes them to a topic.
          </p>
        )}
      </Section>
      <Section title="An event that fails">
        <Segmented
          label="An event that fails"
          value={agent.onError}
          options={[
            { value: 'dead-letter', label: 'Dead letters' },
            { value: 'skip', label: 'Skip' },
            { value: 'stop', label: 'Stop the app' },
          ]}
          onChange={(value) => edit({ path: at('onError'), ...(value !== 'dead-letter' && { value }) })}
        />
      </Section>
      <UsedBy id={`agent:${name}`} />
    </>
  );
}

function SourceField({ name, from }: { readonly name: string; readonly from: Agent['from'] }) {
  const { store } = useEditorServices();
  const document = useEditor((state) => state.draft.reading?.document);
  if (!document) return null;
  const path = ['agents', name, 'from'];
  const put = (value: unknown) => store.getState().edit([{ path, value }]);
  const topics = Object.keys(document.topics);
  const tables = Object.keys(document.tables);
  const kind = from.kind;
  const chosen = from.kind === 'topics' ? from.topics : [];
  const toggle = (topic: string) => {
    const next = chosen.includes(topic) ? chosen.filter((one) => one !== topic) : [...chosen, topic];
    if (next.length > 0) put(next.length === 1 ? next[0] : next);
  };
  return (
    <>
      <DocumentField path={path} label="Reads">
        {() => (
          <Segmented
            label="What it reads"
            value={kind}
            options={[
              { value: 'topics', label: 'Topics' },
              { value: 'changes', label: 'A table’s changes' },
            ]}
            onChange={(next) => {
              if (next === 'topics' && topics[0] !== undefined) put(topics[0]);
              if (next === 'changes' && tables[0] !== undefined) put({ changes: tables[0] });
            }}
          />
        )}
      </DocumentField>
      {kind === 'topics' ? (
        <div className="grid grid-cols-[72px_minmax(0,1fr)] gap-x-2">
          <span className="py-1 text-12 text-text-2">Topics</span>
          <Menu
            trigger={
              <button
                type="button"
                className="flex h-7 min-w-0 items-center justify-between rounded-control border border-line-2 bg-inset px-2 text-left font-mono text-12 hover:bg-hover"
                aria-label={`Topics: ${chosen.join(', ')}`}
              >
                <span className="truncate">{chosen.join(', ')}</span>
                <ChevronDown aria-hidden="true" size={14} className="text-text-3" />
              </button>
            }
            entries={topics.map((topic) => ({
              label: topic,
              hint: chosen.includes(topic) ? 'read' : '',
              onSelect: () => toggle(topic),
            }))}
          />
        </div>
      ) : (
        <div className="grid grid-cols-[72px_minmax(0,1fr)] gap-x-2">
          <span className="py-1 text-12 text-text-2">Table</span>
          <Select
            aria-label="Table"
            mono
            value={from.kind === 'changes' ? from.table : ''}
            options={tables.map((value) => ({ value, label: value }))}
            onChange={(table) => put({ changes: table })}
          />
        </div>
      )}
      {topics.length === 0 && <FieldError message="There is no topic yet: add one first." />}
    </>
  );
}
