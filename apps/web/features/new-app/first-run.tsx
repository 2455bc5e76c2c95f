'use client';
import { FileText, LayoutTemplate, Radio, Waves } from 'lucide-react';
import type { ReactNode } from 'react';
import { useKeysText } from '#features/shell/mod-key.ts';
import { useTemplates, useTopics } from '#lib/api-client/queries.ts';
import { formatRate } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { Kbd } from '#ui/kbd.tsx';
import type { NewAppWay } from './ways-in.tsx';

const sample = `app: login-watch
topics:
  logins:
    value: LoginAttempt
    eventTime: value.ts
agents:`;

/** Before the first app: one question, three ways in, with what is really there. */
export function FirstRun({ onOpen }: { readonly onOpen: (way: NewAppWay, template?: string) => void }) {
  const keysText = useKeysText();
  const topics = useTopics();
  const templates = useTemplates();
  const own = (topics.data ?? []).filter(
    (topic) => !topic.internal && topic.role !== 'changelog' && topic.role !== 'repartition',
  );
  const first = templates.data?.[0];
  return (
    <div className="flex min-h-full flex-col items-center bg-canvas px-6 pt-[11vh] pb-12 [background-image:radial-gradient(var(--dot)_1px,transparent_1px)] [background-size:20px_20px]">
      <h2 className="text-18 font-semibold">What should your first app watch?</h2>
      <Idea />
      <div className="mt-14 grid w-full max-w-[1020px] grid-cols-3 divide-x divide-line rounded-node border border-line-2 bg-raised max-lg:grid-cols-1 max-lg:divide-x-0 max-lg:divide-y">
        <Way
          icon={<Waves aria-hidden="true" size={17} strokeWidth={1.6} />}
          title="Start from data"
          words="Pick a topic. Its model is inferred from the newest 50 records, and rows stream at once."
        >
          {own.length > 0 ? (
            <List
              entries={own.slice(0, 4).map((topic) => ({
                key: topic.name,
                label: topic.name,
                note: `${formatRate(topic.perSecond)} /s`,
                onSelect: () => onOpen('data', topic.name),
              }))}
              icon={<Waves aria-hidden="true" size={15} strokeWidth={1.6} className="text-text-2" />}
            />
          ) : (
            <p className="border-y border-line py-3 text-12 text-text-3">
              {topics.isError
                ? 'The topics can’t be read: the engine does not answer yet.'
                : topics.isPending
                  ? 'Looking for topics…'
                  : 'No topics yet. A template brings one, with sample data.'}
            </p>
          )}
          <div className="mt-auto pt-6">
            <Button onClick={() => onOpen('data')} disabled={own.length === 0}>
              Choose a topic
            </Button>
          </div>
        </Way>
        <Way
          icon={<LayoutTemplate aria-hidden="true" size={17} strokeWidth={1.6} />}
          title="Start from a template"
          words="Working examples. Each brings a generator, so it runs without your data."
        >
          <List
            entries={(templates.data ?? []).slice(0, 4).map((template) => ({
              key: template.id,
              label: template.title,
              note: template.topics.join(', '),
              onSelect: () => onOpen('template', template.id),
            }))}
          />
          <div className="mt-auto pt-6">
            <Button
              variant="primary"
              icon={<Radio aria-hidden="true" size={14} />}
              onClick={() => onOpen('template', first?.id)}
            >
              {first ? `Run ${first.title} on sample data` : 'Choose a template'}
            </Button>
          </div>
        </Way>
        <Way
          icon={<FileText aria-hidden="true" size={17} strokeWidth={1.6} />}
          title="Start from text"
          words="Paste an app document, or drop a file. Text and canvas stay one document."
        >
          <pre
            aria-hidden="true"
            className="rounded-control border border-line-2 bg-inset p-3 font-mono text-12 leading-[19px] text-text-3"
          >
            {sample}
          </pre>
          <div className="mt-auto flex items-center gap-2 pt-6">
            <Button onClick={() => onOpen('text')}>Paste or open a file</Button>
            <Button variant="bare" onClick={() => onOpen('scratch')}>
              or from scratch
            </Button>
          </div>
        </Way>
      </div>
      <p className="mt-9 flex items-center gap-4 text-12 text-text-2">
        <span className="flex items-center gap-1.5">
          <Kbd>N</Kbd> new app
        </span>
        <span className="flex items-center gap-1.5">
          <Kbd>{keysText('mod+k')}</Kbd> any action
        </span>
        <span className="flex items-center gap-1.5">
          <Kbd>?</Kbd> all shortcuts
        </span>
      </p>
    </div>
  );
}

const idea = ['a topic brings records', 'an agent works on each', 'a table keeps the result'];

/** The whole thought in a picture. */
export function Idea() {
  return (
    <ol aria-label="How an app works" className="mt-8 flex items-center">
      {idea.map((words, index) => (
        <li key={words} className="flex items-center">
          {index > 0 && (
            <span aria-hidden="true" className="block h-[7px] w-[68px] border-y border-line-2 bg-canvas p-px">
              <span className="block h-[3px] bg-water" />
            </span>
          )}
          <span className="rounded-node border border-line-2 bg-raised px-5 py-2.5 text-12">{words}</span>
        </li>
      ))}
    </ol>
  );
}

export function Way({
  icon,
  title,
  words,
  children,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly words: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="flex min-h-[318px] flex-col p-5">
      <h3 className="flex items-center gap-2 text-15 font-semibold">
        <span className="text-accent">{icon}</span>
        {title}
      </h3>
      <p className="mt-1 mb-3 text-12 leading-[18px] text-text-2">{words}</p>
      {children}
    </section>
  );
}

export function List({
  entries,
  icon,
}: {
  readonly entries: readonly {
    readonly key: string;
    readonly label: string;
    readonly note: string;
    readonly onSelect: () => void;
  }[];
  readonly icon?: ReactNode;
}) {
  return (
    <ul className="border-t border-line">
      {entries.map((entry) => (
        <li key={entry.key} className="border-b border-line">
          <button
            type="button"
            onClick={entry.onSelect}
            className="flex h-[33px] w-full items-center gap-2.5 text-left hover:bg-hover"
          >
            {icon}
            <span className="font-medium">{entry.label}</span>
            <span className="ml-auto truncate pl-3 text-12 text-text-3 tabular">{entry.note}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
