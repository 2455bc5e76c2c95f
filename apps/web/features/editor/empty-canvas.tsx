'use client';
import { FileText, LayoutTemplate, Radio, Waves } from 'lucide-react';
import { type ClipboardEvent, useMemo, useState } from 'react';
import { Idea, List, Way } from '#features/new-app/first-run.tsx';
import { useKeysText } from '#features/shell/mod-key.ts';
import { useTemplates, useTopics } from '#lib/api-client/queries.ts';
import { inWords } from '#lib/api-client/request.ts';
import { formatRate } from '#lib/format.ts';
import { FieldError } from '#ui/field.tsx';
import { Kbd } from '#ui/kbd.tsx';
import { TextArea } from '#ui/text-area.tsx';
import { useEditorServices } from './editor-context.tsx';
import { topicFromRecords } from './topic-from-records.ts';
import { underName } from './under-name.ts';

/** An empty canvas: one question, three ways in. */
export function EmptyCanvas() {
  const { store } = useEditorServices();
  const keysText = useKeysText();
  const topics = useTopics();
  const templates = useTemplates();
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState<string>();
  const own = useMemo(
    () =>
      (topics.data ?? [])
        .filter((topic) => !topic.internal && (topic.role === 'topic' || topic.role === 'unknown'))
        .slice(0, 4),
    [topics.data],
  );
  const use = (text: string) => store.getState().setText(underName(text, store.getState().app));
  const paste = (event: ClipboardEvent) => {
    event.preventDefault();
    const text = event.clipboardData.getData('text');
    if (text.trim() !== '') use(text);
  };
  const take = async (topic: string) => {
    setBusy(topic);
    setFailure(undefined);
    try {
      const edits = await topicFromRecords(topic);
      store.getState().edit(edits);
      store.getState().select(`topic:${topic}`);
    } catch (cause) {
      setFailure(inWords(cause));
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <div className="absolute inset-x-0 top-0 bottom-14 z-10 flex flex-col items-center overflow-y-auto px-6 pt-[6vh]">
      <h2 className="text-18 font-semibold">What should this app watch?</h2>
      <Idea />
      <div className="mt-10 grid w-full max-w-[1020px] grid-cols-3 divide-x divide-line rounded-node border border-line-2 bg-raised max-lg:grid-cols-1 max-lg:divide-x-0 max-lg:divide-y">
        <Way
          icon={<Waves aria-hidden="true" size={17} strokeWidth={1.6} />}
          title="Start from data"
          words="Pick a topic. Its model is inferred from the newest 50 records."
        >
          {own.length > 0 ? (
            <List
              entries={own.map((topic) => ({
                key: topic.name,
                label: topic.name,
                note: busy === topic.name ? 'reading…' : `${formatRate(topic.perSecond)} /s`,
                onSelect: () => void take(topic.name),
              }))}
              icon={<Waves aria-hidden="true" size={15} strokeWidth={1.6} className="text-text-2" />}
            />
          ) : (
            <p className="border-y border-line py-3 text-12 text-text-3">
              {topics.isError
                ? inWords(topics.error)
                : topics.isPending
                  ? 'Looking for topics…'
                  : 'No topics in Kafka yet.'}
            </p>
          )}
          {failure !== undefined && <FieldError message={failure} />}
        </Way>
        <Way
          icon={<LayoutTemplate aria-hidden="true" size={17} strokeWidth={1.6} />}
          title="Start from a template"
          words="Working examples, with sample data on the Live tab."
        >
          <List
            entries={(templates.data ?? []).map((template) => ({
              key: template.id,
              label: template.title,
              note: template.topics.join(', '),
              onSelect: () => use(template.text),
            }))}
            icon={<Radio aria-hidden="true" size={14} className="text-text-2" />}
          />
        </Way>
        <Way
          icon={<FileText aria-hidden="true" size={17} strokeWidth={1.6} />}
          title="Start from text"
          words="Paste an app document. Text and canvas stay one document."
        >
          <TextArea
            mono
            aria-label="Paste an app document"
            placeholder={'app: login-watch\ntopics:\n  logins:\n    value: LoginAttempt\nagents:'}
            className="min-h-36 flex-1"
            onPaste={paste}
            value=""
            onChange={(event) => use(event.target.value)}
          />
        </Way>
      </div>
      <p className="mt-6 flex items-center gap-4 pb-6 text-12 text-text-2">
        <span className="flex items-center gap-1.5">
          <Kbd>A</Kbd> add an element
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
