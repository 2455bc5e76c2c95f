'use client';
import type { Generator } from '@millrace/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Radio, Square } from 'lucide-react';
import { useState } from 'react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { startGenerator, stopGenerator, tuneGenerator } from '#lib/api-client/engine.ts';
import { generatorsQuery, useGenerators } from '#lib/api-client/queries.ts';
import { inWords } from '#lib/api-client/request.ts';
import { useChannel, useEntities } from '#lib/engine-client/index.ts';
import { formatCount, formatRate } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { Field, FieldError } from '#ui/field.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { Select } from '#ui/select.tsx';

/** Sample data into one of the app's topics: which, how fast, how uneven. */
export function GeneratorPanel() {
  const { store } = useEditorServices();
  const document = useEditor((state) => state.draft.reading?.document);
  const known = useGenerators();
  const queries = useQueryClient();
  const live = useEntities(useChannel({ channel: 'generators' }), 'generator');
  const [chosenKind, setKind] = useState<string>();
  const [chosenTopic, setTopic] = useState<string>();
  const [rate, setRate] = useState(200);
  const [skew, setSkew] = useState(1);
  const topics = [...new Set(Object.values(document?.topics ?? {}).map((topic) => topic.name))];
  const kinds = known.data?.kinds ?? [];
  const kind = chosenKind ?? kinds.find((one) => topics.includes(one.topic))?.id ?? kinds[0]?.id ?? '';
  const topic =
    chosenTopic ??
    (topics.includes(kinds.find((one) => one.id === kind)?.topic ?? '')
      ? (kinds.find((one) => one.id === kind)?.topic ?? '')
      : (topics[0] ?? ''));
  const all = live.length > 0 ? live.map((entity) => entity.generator) : (known.data?.generators ?? []);
  const running = all.filter((one) => one.state === 'running' && topics.includes(one.topic));
  const start = useMutation({
    mutationFn: () => startGenerator({ generator: kind, topic, app: store.getState().app, ratePerSecond: rate, skew }),
    onSettled: () => queries.invalidateQueries(generatorsQuery),
  });
  return (
    <section aria-labelledby="sample-data" className="flex flex-col gap-2 px-4 py-3">
      <h2 id="sample-data" className="text-12 font-semibold">
        Sample data
      </h2>
      {running.map((one) => (
        <Running key={one.id} generator={one} />
      ))}
      <Field label="Events">
        {(ids) => (
          <Select
            {...ids}
            value={kind}
            options={kinds.map((one) => ({ value: one.id, label: one.title }))}
            onChange={setKind}
            placeholder={known.isError ? 'not known' : 'loading'}
          />
        )}
      </Field>
      <Field label="Into">
        {(ids) => (
          <Select
            {...ids}
            mono
            value={topic}
            options={topics.map((name) => ({ value: name, label: name }))}
            onChange={setTopic}
          />
        )}
      </Field>
      <Field label="Rate">
        {(ids) => (
          <span className="flex items-center gap-2 text-12 text-text-2">
            <NumberField
              {...ids}
              className="!w-24"
              value={rate}
              min={0.1}
              max={200_000}
              step={100}
              onCommit={setRate}
            />
            /s
          </span>
        )}
      </Field>
      <Field label="Skew" hint="0: every key alike. 1: a few keys dominate.">
        {(ids) => <NumberField {...ids} className="!w-24" value={skew} min={0} max={2} step={0.1} onCommit={setSkew} />}
      </Field>
      <div className="mt-1 flex items-center gap-2">
        <Button
          icon={<Radio aria-hidden="true" size={14} />}
          disabled={kind === '' || topic === '' || start.isPending}
          onClick={() => start.mutate()}
        >
          {running.length > 0 ? 'Start another' : 'Start sample data'}
        </Button>
      </div>
      {start.isError && <FieldError message={inWords(start.error)} />}
      {known.isError && <FieldError message={inWords(known.error)} />}
    </section>
  );
}

function Running({ generator }: { readonly generator: Generator }) {
  const queries = useQueryClient();
  const settled = { onSettled: () => queries.invalidateQueries(generatorsQuery) };
  const stop = useMutation({ mutationFn: () => stopGenerator(generator.id), ...settled });
  const tune = useMutation({
    mutationFn: (ratePerSecond: number) => tuneGenerator(generator.id, { ratePerSecond }),
    ...settled,
  });
  return (
    <div className="flex flex-col gap-1 rounded-control border border-tint-line bg-tint px-3 py-2">
      <div className="flex items-center gap-2">
        <Radio aria-hidden="true" size={14} className="text-accent" />
        <span className="min-w-0 truncate font-medium">
          {generator.generator} → {generator.topic}
        </span>
        <span className="ml-auto shrink-0 text-12 tabular">
          {formatRate(generator.actualPerSecond)} <span className="text-text-2">/s</span>
        </span>
      </div>
      <div className="flex items-center gap-2 text-12 text-text-2">
        <NumberField
          aria-label="Rate per second"
          className="!w-24"
          value={generator.ratePerSecond}
          min={0.1}
          max={200_000}
          step={100}
          onCommit={(rate) => tune.mutate(rate)}
        />
        /s
        <Button
          className="ml-auto"
          icon={<Square aria-hidden="true" size={12} />}
          disabled={stop.isPending}
          onClick={() => stop.mutate()}
        >
          Stop
        </Button>
      </div>
      <p className="text-12 text-text-2 tabular">{formatCount(generator.sent)} sent</p>
      {(stop.isError || tune.isError) && <FieldError message={inWords(stop.error ?? tune.error)} />}
    </div>
  );
}
