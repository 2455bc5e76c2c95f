'use client';
import { type AppDocument, type Field, formatType, type Model, parseDocument, type Type } from '@millrace/spec';
import { useQueries } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { useMemo, useRef } from 'react';
import { type Command, useCommands } from '#features/shell/commands.ts';
import { PageFrame } from '#features/shell/page-frame.tsx';
import { appQuery, useApps } from '#lib/api-client/queries.ts';
import { inWords } from '#lib/api-client/request.ts';
import { Button } from '#ui/button.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorBanner } from '#ui/error-banner.tsx';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';
import { Tag } from '#ui/tag.tsx';
import { TextField } from '#ui/text-field.tsx';

interface ListedModel {
  readonly app: string;
  readonly name: string;
  readonly model: Model;
  /** Ids of the topics whose key or value it is. */
  readonly topics: readonly string[];
}

/** Every model of every app's draft: its fields, and the topics that carry it. */
export function ModelsPage() {
  const apps = useApps();
  const details = useQueries({ queries: (apps.data ?? []).map(({ app }) => appQuery(app)) });
  const [search, setSearch] = useQueryState('q', parseAsString.withDefault(''));
  const searchField = useRef<HTMLInputElement>(null);
  useCommands(
    useMemo<readonly Command[]>(
      () => [
        {
          id: 'models-filter',
          title: 'Filter models',
          group: 'Dashboard',
          keys: '/',
          run: () => searchField.current?.focus(),
        },
      ],
      [],
    ),
  );
  const texts = details.map(({ data }) => data?.text ?? '').join('\u0000');
  const models = useMemo(
    () => texts.split('\u0000').flatMap((text) => (text === '' ? [] : modelsOf(parseDocument(text).document))),
    [texts],
  );
  const pending = apps.isPending || details.some(({ isPending }) => isPending);
  const failed = apps.error ?? details.find(({ error }) => error !== null)?.error ?? null;
  const needle = search.trim().toLowerCase();
  const shown = models.filter(
    ({ app, name, model }) =>
      needle === '' || [app, name, ...Object.keys(model.fields)].some((text) => text.toLowerCase().includes(needle)),
  );
  return (
    <PageFrame crumbs={[{ label: 'Models' }]}>
      {failed !== null && (
        <ErrorBanner
          title="The models can't be read"
          actions={<Button onClick={() => void apps.refetch()}>Try now</Button>}
        >
          {inWords(failed)}
        </ErrorBanner>
      )}
      {!pending && failed === null && models.length === 0 ? (
        <EmptyState
          title="No app has a model yet"
          action={<ButtonLink href="/?new=template">New app from a template</ButtonLink>}
        >
          A model is a record’s fields and their types. Expressions are checked against it, and records that do not fit
          go to the dead letters.
        </EmptyState>
      ) : (
        <div className="relative min-h-0 flex-1 overflow-auto">
          <div className="px-6 py-3">
            <TextField
              ref={searchField}
              aria-label="Filter models"
              placeholder="Filter by model, field or app"
              value={search}
              onChange={(text) => void setSearch(text === '' ? null : text)}
              icon={<Search size={14} />}
              kbd="/"
              className="w-[260px]"
            />
          </div>
          <DataTable label="Models">
            <thead>
              <tr>
                <HeadCell className="w-[22%]">Model</HeadCell>
                <HeadCell className="w-[18%]">Field</HeadCell>
                <HeadCell className="w-[18%]">Type</HeadCell>
                <HeadCell>Rules</HeadCell>
                <HeadCell>Topics</HeadCell>
              </tr>
            </thead>
            {pending && models.length === 0 && (
              <tbody>
                <SkeletonRows rows={6} widths={[110, 80, 70, 90, 80]} />
              </tbody>
            )}
            {shown.map((listed) => (
              <ModelRows key={`${listed.app}/${listed.name}`} {...listed} />
            ))}
          </DataTable>
          {models.length > 0 && shown.length === 0 && (
            <EmptyState
              title="No model matches"
              action={<Button onClick={() => void setSearch(null)}>Show all models</Button>}
            >
              Nothing has “{search}” in its name, its fields or its app’s name.
            </EmptyState>
          )}
        </div>
      )}
    </PageFrame>
  );
}

function ModelRows({ app, name, model, topics }: ListedModel) {
  const fields = Object.entries(model.fields);
  return (
    <tbody className="border-b border-line-2">
      {(fields.length === 0 ? [null] : fields).map((entry, index) => (
        <Row key={entry?.[0] ?? name} className={index < fields.length - 1 ? 'border-transparent' : ''}>
          <Cell>
            {index === 0 && (
              <>
                <Link
                  href={`/apps/${app}?select=model:${name}`}
                  className="font-mono text-12 font-semibold hover:text-accent hover:underline"
                >
                  {name}
                </Link>
                <Link href={`/apps/${app}`} className="ml-2 text-12 text-text-3 hover:text-accent hover:underline">
                  {app}
                </Link>
              </>
            )}
          </Cell>
          <Cell mono>{entry?.[0] ?? <span className="font-sans text-text-3">no fields</span>}</Cell>
          <Cell mono className="text-text-2">
            {entry && formatType(entry[1].type)}
          </Cell>
          <Cell>
            <span className="flex gap-1.5">
              {entry && rulesOf(entry[1]).map((rule) => <Tag key={rule}>{rule}</Tag>)}
            </span>
          </Cell>
          <Cell className="text-text-2">
            {index === 0 &&
              topics.map((topic, at) => (
                <span key={topic}>
                  {at > 0 && ', '}
                  <Link
                    href={`/topics/${encodeURIComponent(topic)}?app=${encodeURIComponent(app)}`}
                    className="font-mono text-12 hover:text-accent hover:underline"
                  >
                    {topic}
                  </Link>
                </span>
              ))}
            {index === 0 && topics.length === 0 && <span className="text-text-3">none</span>}
          </Cell>
        </Row>
      ))}
    </tbody>
  );
}

function modelsOf(document: AppDocument | null): ListedModel[] {
  return Object.entries(document?.models ?? {}).map(([name, model]) => ({
    app: document?.app ?? '',
    name,
    model,
    topics: Object.values(document?.topics ?? {}).flatMap((topic) =>
      mentions(topic.key, name) || mentions(topic.value, name) ? [topic.name] : [],
    ),
  }));
}

function mentions(type: Type, model: string): boolean {
  switch (type.kind) {
    case 'model':
      return type.model === model;
    case 'list':
      return mentions(type.items, model);
    case 'map':
      return mentions(type.values, model);
    case 'record':
      return Object.values(type.fields).some((field) => mentions(field.type, model));
    case 'union':
      return type.of.some((one) => mentions(one, model));
    default:
      return false;
  }
}

function rulesOf(field: Field): string[] {
  const { optional, min, max, minLength, maxLength, pattern, alias, sensitive } = field;
  return [
    ...(optional ? ['optional'] : []),
    ...(field.default === undefined ? [] : [`default ${JSON.stringify(field.default)}`]),
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
    ...(minLength === undefined && maxLength === undefined ? [] : [`length ${minLength ?? 0}–${maxLength ?? '∞'}`]),
    ...(pattern === undefined ? [] : [`like ${pattern}`]),
    ...(alias === undefined ? [] : [`in JSON: ${alias}`]),
    ...(sensitive ? ['sensitive'] : []),
  ];
}
