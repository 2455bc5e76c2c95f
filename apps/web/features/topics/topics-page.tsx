'use client';
import type { TopicSummary } from '@millrace/protocol';
import { Search } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { useMemo, useRef } from 'react';
import { type Command, useCommands } from '#features/shell/commands.ts';
import { PageFrame } from '#features/shell/page-frame.tsx';
import { useTopics } from '#lib/api-client/queries.ts';
import { inWords } from '#lib/api-client/request.ts';
import { formatCount, formatRate } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorBanner } from '#ui/error-banner.tsx';
import { Segmented } from '#ui/segmented.tsx';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';
import { TextField } from '#ui/text-field.tsx';
import { recordsAtMost } from './records-at-most.ts';

const kinds = ['topics', 'internal', 'all'] as const;
const roles: Record<TopicSummary['role'], string> = {
  topic: 'Topic',
  changelog: 'Changelog of a table',
  repartition: 'Repartition',
  'dead-letters': 'Dead letters',
  late: 'Late records',
  unknown: 'No app declares it',
};

const belongs = (topic: TopicSummary, kind: (typeof kinds)[number]): boolean =>
  kind === 'all' || topic.internal === (kind === 'internal');

/** Kafka's topics, with what Millrace knows of each. */
export function TopicsPage() {
  const topics = useTopics();
  const [kind, setKind] = useQueryState('show', parseAsStringLiteral(kinds).withDefault('topics'));
  const [search, setSearch] = useQueryState('q', parseAsString.withDefault(''));
  const searchField = useRef<HTMLInputElement>(null);
  useCommands(
    useMemo<readonly Command[]>(
      () => [
        {
          id: 'topics-filter',
          title: 'Filter topics',
          group: 'Dashboard',
          keys: '/',
          run: () => searchField.current?.focus(),
        },
      ],
      [],
    ),
  );
  const needle = search.trim().toLowerCase();
  const matching = (topics.data ?? []).filter(
    (topic) => needle === '' || [topic.name, ...topic.apps].some((text) => text.toLowerCase().includes(needle)),
  );
  const shown = matching.filter((topic) => belongs(topic, kind)).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <PageFrame crumbs={[{ label: 'Topics' }]}>
      {topics.isError && (
        <ErrorBanner
          title="Kafka's topics can't be listed"
          actions={<Button onClick={() => void topics.refetch()}>Try now</Button>}
        >
          {inWords(topics.error)}
        </ErrorBanner>
      )}
      {topics.isSuccess && topics.data.length === 0 ? (
        <EmptyState
          title="Kafka has no topic yet"
          action={<ButtonLink href="/?new=template">New app from a template</ButtonLink>}
        >
          An app creates the topics that it declares when it is deployed.
        </EmptyState>
      ) : (
        <div className="relative min-h-0 flex-1 overflow-auto">
          <div className="flex flex-wrap items-center gap-2 px-6 py-3">
            <TextField
              ref={searchField}
              aria-label="Filter topics"
              placeholder="Filter by topic or app"
              value={search}
              onChange={(text) => void setSearch(text === '' ? null : text)}
              icon={<Search size={14} />}
              kbd="/"
              className="w-[260px]"
            />
            <Segmented
              label="Show"
              value={kind}
              onChange={(next) => void setKind(next)}
              options={kinds.map((value) => ({
                value,
                label: (
                  <>
                    {{ topics: 'Topics', internal: 'Internal', all: 'All' }[value]}{' '}
                    <span className="tabular">{matching.filter((topic) => belongs(topic, value)).length}</span>
                  </>
                ),
              }))}
            />
          </div>
          <DataTable label="Topics">
            <thead>
              <tr>
                <HeadCell>Topic</HeadCell>
                <HeadCell>What it is</HeadCell>
                <HeadCell>Apps</HeadCell>
                <HeadCell numeric>Partitions</HeadCell>
                <HeadCell numeric>Replicas</HeadCell>
                <HeadCell numeric title={recordsAtMost}>
                  Records, at most
                </HeadCell>
                <HeadCell numeric>In /s</HeadCell>
              </tr>
            </thead>
            <tbody>
              {topics.isPending && <SkeletonRows rows={6} widths={[160, 90, 90, 20, 20, 70, 40]} />}
              {shown.map((topic) => (
                <Row key={topic.name}>
                  <Cell>
                    <Link
                      href={`/topics/${encodeURIComponent(topic.name)}`}
                      className="font-mono text-12 font-semibold hover:text-accent hover:underline"
                    >
                      {topic.name}
                    </Link>
                  </Cell>
                  <Cell className="text-text-2">{roles[topic.role]}</Cell>
                  <Cell>
                    {topic.apps.map((app, index) => (
                      <span key={app}>
                        {index > 0 && ', '}
                        <Link href={`/apps/${app}`} className="text-text-2 hover:text-accent hover:underline">
                          {app}
                        </Link>
                      </span>
                    ))}
                  </Cell>
                  <Cell numeric>{formatCount(topic.partitions)}</Cell>
                  <Cell numeric>{formatCount(topic.replication)}</Cell>
                  <Cell numeric>{formatCount(topic.records)}</Cell>
                  <Cell numeric>{formatRate(topic.perSecond)}</Cell>
                </Row>
              ))}
            </tbody>
          </DataTable>
          {topics.isSuccess && shown.length === 0 && (
            <EmptyState
              title="No topic matches"
              action={
                <Button
                  onClick={() => {
                    void setSearch(null);
                    void setKind('all');
                  }}
                >
                  Show all topics
                </Button>
              }
            >
              {needle === '' ? 'There is none of this kind.' : <>Nothing has “{search}” in its name or its apps’.</>}
            </EmptyState>
          )}
        </div>
      )}
    </PageFrame>
  );
}
