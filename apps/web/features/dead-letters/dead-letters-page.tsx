'use client';
import { parseDocument } from '@millrace/spec';
import { useQueries } from '@tanstack/react-query';
import { MailCheck, MailX } from 'lucide-react';
import { parseAsString, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { onRowKey } from '#features/live/row-keys.ts';
import { offsetText } from '#features/live/value-text.ts';
import { useNow } from '#features/shell/health-banners.tsx';
import { PageFrame } from '#features/shell/page-frame.tsx';
import { appQuery, useApps, useTopics } from '#lib/api-client/queries.ts';
import { readRecords } from '#lib/api-client/records.ts';
import { inWords } from '#lib/api-client/request.ts';
import { formatBytes, formatCount, formatDay, plural } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorBanner } from '#ui/error-banner.tsx';
import { Select } from '#ui/select.tsx';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';
import { type DeadLetter, deadLetterOf } from './dead-letter.ts';
import { DeadLetterPanel } from './dead-letter-panel.tsx';

const refreshMs = 3000;
/** Of each app, the newest. */
const limit = 100;
const params = { app: parseAsString, letter: parseAsString };

const letterId = ({ app, record }: DeadLetter): string => `${app}/${record.partition}/${record.offset}`;

/** The records that failed, of every app: why, where, and what they were. */
export function DeadLettersPage() {
  const [{ app: only, letter: chosen }, setParams] = useQueryStates(params);
  const now = useNow(5000);
  const apps = useApps();
  const topics = useTopics();
  const details = useQueries({ queries: (apps.data ?? []).map(({ app }) => appQuery(app)) });
  const texts = details.map(({ data }) => data?.text ?? '').join('\u0000');
  const queues = useMemo(() => {
    const documents = texts
      .split('\u0000')
      .flatMap((text) => (text === '' ? [] : (parseDocument(text).document ?? [])));
    return documents.map(({ app, settings }) => ({ app, topic: settings.deadLetterTopic }));
  }, [texts]);
  const present = queues.flatMap((queue) => {
    const topic = topics.data?.find(({ name }) => name === queue.topic);
    return topic === undefined ? [] : [{ ...queue, records: topic.records }];
  });
  const asked = present.filter(({ app, records }) => records > 0 && (only === null || only === app));
  const answers = useQueries({
    queries: asked.map(({ topic }) => ({
      queryKey: ['topics', topic, 'dead-letters'],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        readRecords({ topic, start: { from: 'newest' }, limit }, signal),
      refetchInterval: refreshMs,
    })),
  });
  const letters = answers
    .flatMap(({ data }, index) => (data?.records ?? []).map((record) => deadLetterOf(asked[index]?.app ?? '', record)))
    .sort((a, b) => b.atMs - a.atMs);
  const shown = letters.find((letter) => letterId(letter) === chosen);
  const failed = apps.error ?? topics.error ?? answers.find(({ error }) => error !== null)?.error ?? null;
  const pending =
    failed === null &&
    (apps.isPending ||
      topics.isPending ||
      details.some(({ isPending }) => isPending) ||
      answers.some(({ isPending }) => isPending));
  const total = asked.reduce((sum, { records }) => sum + records, 0);
  const select = (letter: DeadLetter) =>
    void setParams({ letter: letterId(letter) === chosen ? null : letterId(letter) });
  return (
    <PageFrame crumbs={[{ label: 'Dead letters' }]}>
      {failed !== null && (
        <ErrorBanner
          title="The dead letters can't be read"
          actions={
            <Button
              onClick={() =>
                void Promise.all([apps.refetch(), topics.refetch(), ...answers.map((answer) => answer.refetch())])
              }
            >
              Try now
            </Button>
          }
        >
          {inWords(failed)}
        </ErrorBanner>
      )}
      {!pending && failed === null && letters.length === 0 ? (
        <EmptyState
          title="No record has failed"
          {...(only === null
            ? {}
            : { action: <Button onClick={() => void setParams({ app: null })}>Look at all apps</Button> })}
        >
          <MailCheck aria-hidden="true" size={20} className="mx-auto mb-2 text-text-3" />A record that does not decode,
          or whose step fails for good, comes here with its bytes, its origin and the reason. Processing goes on without
          it.
        </EmptyState>
      ) : (
        <>
          <div className="flex shrink-0 items-center gap-3 px-6 py-3">
            <Select
              aria-label="App"
              value={only ?? 'all'}
              options={[
                { value: 'all', label: 'All apps' },
                ...present.map(({ app, records }) => ({ value: app, label: app, hint: formatCount(records) })),
              ]}
              onChange={(next) => void setParams({ app: next === 'all' ? null : next, letter: null })}
              className="w-[220px]!"
            />
            {!pending && (
              <span className="text-12 text-text-3 tabular">
                {letters.length < total
                  ? `the newest ${formatCount(letters.length)} of ${formatCount(total)}`
                  : plural(letters.length, 'record')}
              </span>
            )}
          </div>
          <div className="relative flex min-h-0 flex-1 border-t border-line">
            <div className="relative min-w-0 flex-1 overflow-auto">
              <DataTable label="Dead letters" className="[&_th]:border-t-0">
                <thead>
                  <tr>
                    <HeadCell>Failed</HeadCell>
                    <HeadCell>App</HeadCell>
                    <HeadCell className="w-[36%]">Why</HeadCell>
                    <HeadCell>Step</HeadCell>
                    <HeadCell>From</HeadCell>
                    <HeadCell>Key</HeadCell>
                    <HeadCell numeric>Size</HeadCell>
                  </tr>
                </thead>
                <tbody>
                  {pending && letters.length === 0 && <SkeletonRows rows={8} widths={[70, 90, 200, 80, 120, 80, 40]} />}
                  {letters.map((letter) => (
                    <LetterRow
                      key={letterId(letter)}
                      letter={letter}
                      selected={letter === shown}
                      now={now}
                      onSelect={() => select(letter)}
                    />
                  ))}
                </tbody>
              </DataTable>
            </div>
            {shown && (
              <DeadLetterPanel
                letter={shown}
                topic={queues.find(({ app }) => app === shown.app)?.topic ?? ''}
                onClose={() => void setParams({ letter: null })}
              />
            )}
          </div>
        </>
      )}
    </PageFrame>
  );
}

function LetterRow({
  letter,
  selected,
  now,
  onSelect,
}: {
  readonly letter: DeadLetter;
  readonly selected: boolean;
  readonly now: number;
  readonly onSelect: () => void;
}) {
  const { app, record, origin, reason, agent, step, atMs } = letter;
  const size = formatBytes(record.sizeBytes);
  return (
    <Row
      selected={selected}
      tabIndex={0}
      onClick={onSelect}
      onKeyDown={(event) => onRowKey(event, onSelect)}
      className="-outline-offset-2"
    >
      <Cell className="text-text-2 tabular">{now > 0 ? formatDay(atMs, now) : ''}</Cell>
      <Cell>{app}</Cell>
      <Cell className="max-w-0 text-warn">
        <span className="flex items-center gap-1.5">
          <MailX aria-hidden="true" size={13} className="shrink-0" />
          <span className="truncate" title={reason}>
            {reason}
          </span>
        </span>
      </Cell>
      <Cell mono className="text-text-2">
        {agent === null ? <span className="font-sans">decoding</span> : step === null ? agent : `${agent} / ${step}`}
      </Cell>
      <Cell mono className="text-text-2">
        {origin === null ? '–' : `${origin.topic} ${origin.partition} @ ${offsetText(origin.offset)}`}
      </Cell>
      <Cell mono className="max-w-[160px] truncate">
        {record.keyText ?? 'null'}
      </Cell>
      <Cell numeric className="text-text-3">
        {size.value} {size.unit}
      </Cell>
    </Row>
  );
}
