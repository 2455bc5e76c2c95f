'use client';
import { applyEdits, newDocumentText } from '@millrace/spec';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sampleTopic, topicEdits } from '#features/editor/topic-from-records.ts';
import { createApp } from '#lib/api-client/apps.ts';
import { useTopics } from '#lib/api-client/queries.ts';
import { inWords } from '#lib/api-client/request.ts';
import { formatCount, formatRate, plural } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { FieldError } from '#ui/field.tsx';
import { RadioList } from '#ui/radio-list.tsx';
import { freeName } from './create-and-run.ts';
import { NameField, nameFault } from './name-field.tsx';
import type { WayProps } from './new-app-dialog.tsx';
import { WayFooter } from './way-footer.tsx';

/** A topic that is there: its model is inferred from its newest records, with how sure that is. */
export function FromData({ taken, onCreated, chosen, first }: WayProps & { readonly chosen: string | null }) {
  const topics = useTopics();
  const queries = useQueryClient();
  const own = (topics.data ?? []).filter(
    (topic) => !topic.internal && (topic.role === 'topic' || topic.role === 'unknown'),
  );
  const [picked, setPicked] = useState(chosen);
  const [name, setName] = useState<string>();
  const topic = own.find((one) => one.name === picked)?.name ?? own[0]?.name;
  const model = useQuery({
    queryKey: ['samples', topic],
    queryFn: () => sampleTopic(topic ?? ''),
    enabled: topic !== undefined,
    retry: false,
  });
  const app =
    name ??
    (topic === undefined ? '' : freeName(`${topic.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-')}-watch`, taken));
  const create = useMutation({
    mutationFn: async () =>
      createApp({
        text: applyEdits(newDocumentText(app), topic !== undefined && model.data ? topicEdits(topic, model.data) : []),
      }),
    onSuccess: (made) => onCreated(made.app),
    onSettled: () => queries.invalidateQueries({ queryKey: ['apps'] }),
  });
  const ready =
    model.data !== undefined &&
    app !== '' &&
    nameFault(app, taken) === undefined &&
    !create.isPending &&
    !create.isSuccess;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) create.mutate();
      }}
    >
      <div className="grid min-h-[300px] grid-cols-[1fr_300px] divide-x divide-line max-sm:grid-cols-1">
        <RadioList
          label="Topic"
          value={topic}
          options={own.map((one) => ({
            value: one.name,
            content: (
              <>
                <span className="truncate font-medium">{one.name}</span>
                <span className="ml-auto text-12 text-text-3 tabular">
                  {formatCount(one.records)} records, {formatRate(one.perSecond)} /s
                </span>
              </>
            ),
          }))}
          onChange={setPicked}
          className="max-h-[380px] overflow-y-auto p-2"
          itemClassName="flex h-8 items-center gap-2"
        >
          {topics.isSuccess && own.length === 0 && (
            <p className="p-3 text-text-2">
              There is no topic of yours in Kafka yet. A template brings one, with sample data.
            </p>
          )}
          {topics.isError && (
            <div className="p-3">
              <FieldError message={inWords(topics.error)} />
            </div>
          )}
        </RadioList>
        <div className="flex min-w-0 flex-col gap-3 p-4">
          <NameField ref={first} value={app} onChange={setName} taken={create.isSuccess ? [] : taken} />
          {model.data && (
            <div>
              <p className="mb-1 text-12 text-text-2">
                <strong className="font-semibold text-text">{model.data.name}</strong>, from{' '}
                {plural(model.data.samples, 'record')}
              </p>
              <ul className="max-h-56 overflow-y-auto border-t border-line font-mono text-12">
                {Object.entries(model.data.fields).map(([field, type]) => (
                  <li key={field} className="flex h-7 items-center gap-2 border-b border-line">
                    <span className="truncate">{field}</span>
                    <span className="ml-auto truncate text-text-2">
                      {typeof type === 'string' ? type : JSON.stringify(type)}
                    </span>
                    <span className="w-10 text-right font-sans text-11 text-text-3 tabular" title="How sure this is">
                      {Math.round((model.data.confidence[field] ?? 0) * 100)} %
                    </span>
                  </li>
                ))}
              </ul>
            </div>
          )}
          {model.isFetching && <p className="text-12 text-text-3">Reading its newest 50 records…</p>}
          {model.isError && <FieldError message={inWords(model.error)} />}
        </div>
      </div>
      <WayFooter error={create.isError ? inWords(create.error) : undefined}>
        <Button variant="primary" type="submit" disabled={!ready}>
          Create
        </Button>
      </WayFooter>
    </form>
  );
}
