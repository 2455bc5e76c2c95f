'use client';
import type { Edit } from '@millrace/spec';
import { Plus } from 'lucide-react';
import { elementAt, pathOf, problemsOf } from '#features/editor/draft.ts';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { addElement, type NewKind } from '#features/editor/element-edits.ts';
import { plural } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { KindIcon } from '#ui/kind-icon.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { Section } from '#ui/section.tsx';
import { Segmented } from '#ui/segmented.tsx';
import { TextButton } from '#ui/text-button.tsx';
import { TextField } from '#ui/text-field.tsx';
import { DocumentField } from './document-field.tsx';
import { DurationField } from './duration-field.tsx';

const kinds: readonly {
  readonly kind: NewKind;
  readonly title: string;
  readonly section: 'models' | 'topics' | 'tables' | 'agents';
}[] = [
  { kind: 'model', title: 'Models', section: 'models' },
  { kind: 'topic', title: 'Topics', section: 'topics' },
  { kind: 'agent', title: 'Agents', section: 'agents' },
  { kind: 'table', title: 'Tables', section: 'tables' },
];

/** The app itself: what it consists of, and how it runs. */
export function AppForm() {
  const { store, changes } = useEditorServices();
  const document = useEditor((state) => state.draft.reading?.document);
  const problems = useEditor((state) => state.draft.problems);
  if (!document) return null;
  const edit = (...edits: Edit[]) => store.getState().edit(edits);
  const add = (kind: NewKind) => {
    const made = addElement(document, kind, null);
    edit(...made.edits);
    store.getState().reveal(pathOf(made.id));
  };
  const { settings } = document;
  const setting = (name: string, value: unknown) =>
    edit({ path: ['settings', name], ...(value !== undefined && { value }) });
  return (
    <>
      <Section>
        <DocumentField path={['description']} label="About">
          {(ids) => (
            <TextField
              {...ids}
              placeholder="What it watches, in a line"
              value={document.description ?? ''}
              title={document.description}
              onCommit={(value) => edit({ path: ['description'], ...(value.trim() !== '' && { value: value.trim() }) })}
            />
          )}
        </DocumentField>
      </Section>
      {kinds.map(({ kind, title, section }) => (
        <Section
          key={kind}
          title={title}
          action={
            <TextButton icon={<Plus aria-hidden="true" size={12} />} onClick={() => add(kind)}>
              Add
            </TextButton>
          }
        >
          <ul>
            {Object.keys(document[section]).map((name) => {
              const id = `${kind}:${name}`;
              const found = problemsOf(problems, id).length;
              return (
                <li key={name}>
                  <button
                    type="button"
                    onClick={() => store.getState().reveal(pathOf(id))}
                    className="flex h-7 w-full items-center gap-2 rounded-tag text-left hover:bg-hover"
                  >
                    <KindIcon kind={kind} size={14} />
                    <span className="truncate font-medium">{name}</span>
                    <span className={cx('ml-auto text-12', found > 0 ? 'text-bad' : 'text-text-3')}>
                      {found > 0
                        ? plural(found, 'problem')
                        : kind === 'model'
                          ? plural(Object.keys(document.models[name]?.fields ?? {}).length, 'field')
                          : changes.get(id) === 'created'
                            ? 'new'
                            : changes.get(id) === 'changed'
                              ? 'changed'
                              : ''}
                    </span>
                  </button>
                </li>
              );
            })}
            {Object.keys(document[section]).length === 0 && <li className="text-12 text-text-3">None yet</li>}
          </ul>
        </Section>
      ))}
      <Section title="How it runs">
        <div className="flex flex-col gap-2">
          <DocumentField path={['settings', 'commit']} label="Commit">
            {(ids) => (
              <span className="flex items-center gap-2 text-12 text-text-2">
                <span>every</span>
                <DurationField
                  ids={ids}
                  valueMs={settings.commitIntervalMs}
                  path={['settings', 'commit']}
                  minMs={10}
                  width="!w-24"
                />
              </span>
            )}
          </DocumentField>
          <DocumentField
            path={['settings', 'buffer']}
            label="Buffer"
            hint={`A partition pauses at the mark, and reads on at ${Math.round(settings.bufferResumeRatio * 100)} % of it.`}
          >
            {(ids) => (
              <span className="flex items-center gap-2 text-12 text-text-2">
                <NumberField
                  {...ids}
                  className="!w-24"
                  value={settings.bufferMaxRecords}
                  min={1}
                  max={1_000_000}
                  step={256}
                  onCommit={(value) => setting('buffer', Math.round(value))}
                />
                records
              </span>
            )}
          </DocumentField>
          <DocumentField
            path={['settings', 'idle']}
            label="Idle"
            hint="A partition that is quiet for so long holds time back no more."
          >
            {(ids) => (
              <DurationField
                ids={ids}
                valueMs={settings.idleTimeoutMs}
                path={['settings', 'idle']}
                minMs={100}
                width="!w-24"
              />
            )}
          </DocumentField>
          <DocumentField path={['settings', 'startFrom']} label="Starts at">
            {() => (
              <Segmented
                label="Where a new app starts reading"
                value={settings.startFrom}
                options={[
                  { value: 'earliest', label: 'The oldest record' },
                  { value: 'latest', label: 'What is new' },
                ]}
                onChange={(value) => setting('startFrom', value === 'earliest' ? undefined : value)}
              />
            )}
          </DocumentField>
          <DocumentField path={['settings', 'deadLetters']} label="Dead letters">
            {(ids) => (
              <TextField
                {...ids}
                mono
                value={settings.deadLetterTopic}
                onCommit={(value) => setting('deadLetters', value.trim() === '' ? undefined : value.trim())}
              />
            )}
          </DocumentField>
        </div>
      </Section>
      <UnplacedProblems />
    </>
  );
}

/** What is wrong with the app itself, in no element's form. */
function UnplacedProblems() {
  const problems = useEditor((state) => state.draft.problems);
  const own = problems.filter((problem) => elementAt(problem.path) === null);
  if (own.length === 0) return null;
  return (
    <Section title="Problems">
      <ul className="text-12 text-bad">
        {own.map((problem) => (
          <li key={problem.message}>
            {problem.message} {problem.hint}
          </li>
        ))}
      </ul>
    </Section>
  );
}
