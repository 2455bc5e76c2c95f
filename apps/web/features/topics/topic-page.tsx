'use client';
import type { TopicRecord } from '@millrace/protocol';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { useCallback, useMemo, useRef, useState } from 'react';
import { LiveState } from '#features/live/live-state.tsx';
import { useDeployed } from '#features/live/use-deployed.ts';
import { type Command, useCommands } from '#features/shell/commands.ts';
import { useNow } from '#features/shell/health-banners.tsx';
import { holdKeys } from '#features/shell/held-keys.ts';
import { PageFrame } from '#features/shell/page-frame.tsx';
import { getTopic } from '#lib/api-client/engine.ts';
import { type Position, readOn, readRecord, readRecords } from '#lib/api-client/records.ts';
import { ApiFailure, inWords } from '#lib/api-client/request.ts';
import { useChannel, useEntities, useEntity, useFreshness } from '#lib/engine-client/index.ts';
import { Button } from '#ui/button.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorBanner } from '#ui/error-banner.tsx';
import { Select } from '#ui/select.tsx';
import { ReadOn } from './read-on.tsx';
import { RecordPanel } from './record-panel.tsx';
import { RecordRows } from './record-rows.tsx';
import { type TailRow, withBefore } from './tail-rows.ts';
import { TailToolbar } from './tail-toolbar.tsx';
import { TopicFigures } from './topic-figures.tsx';
import { TopicPartitions } from './topic-partitions.tsx';
import { fieldsOf, recordId, sensitiveFields, startOf, topicParams } from './topic-query.ts';
import { drainsInMs, useHistory } from './use-history.ts';
import { useTail } from './use-tail.ts';

const SendRecord = dynamic(() => import('./send-record.tsx').then((module) => module.SendRecord), { ssr: false });

const detailMs = 2000;
const pageSize = 100;
const beforeSize = 50;
const nothing = { records: [], next: [], before: [], looked: 0, done: true };

/** A topic: its figures, how far the reading app is in each partition, and its records as they come or as they were. */
export function TopicPage({ topic }: { readonly topic: string }) {
  const [params, setParams] = useQueryStates(topicParams);
  const [pausedMs, setPausedMs] = useState<number | null>(null);
  const [sending, setSending] = useState(false);
  const [chosen, setChosen] = useState<TopicRecord | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow(500);

  const topicDetail = useQuery({
    queryKey: ['topics', topic],
    queryFn: () => getTopic(topic),
    refetchInterval: detailMs,
  });
  const detail = topicDetail.data;
  const app = params.app ?? detail?.apps[0] ?? null;
  const { document } = useDeployed(app);
  const graph = useChannel(app === null ? null : { channel: 'graph', app });
  const positions = useEntities(graph, 'partition').filter((position) => position.topic === topic);
  const entity = useEntity(graph, 'app', `app:${app}`);
  const stale = useFreshness(graph).kind === 'stale';
  const lag = positions.length === 0 ? null : positions.reduce((sum, position) => sum + position.lag, 0);
  const histories = useHistory(
    new Map([...positions.map((position): [string, number] => [position.id, position.lag]), ['all', lag ?? 0]]),
  );

  const live = params.from === 'live';
  const where = params.where.trim();
  const common = {
    topic,
    ...(app === null ? {} : { app }),
    ...(params.partition === null ? {} : { partition: params.partition }),
    ...(where === '' ? {} : { where }),
  };
  const tail = useTail(live ? { channel: 'tail', ...common } : null, pausedMs !== null);
  const asked =
    params.from === 'live'
      ? null
      : { ...common, start: startOf(params.from, params.offset, params.time), limit: pageSize };
  const past = useInfiniteQuery({
    queryKey: ['topics', topic, 'records', asked],
    enabled: asked !== null,
    initialPageParam: null as readonly Position[] | null,
    queryFn: ({ pageParam, signal }) =>
      asked === null ? nothing : pageParam === null ? readRecords(asked, signal) : readOn(asked, pageParam, signal),
    getNextPageParam: (page) => (page.done ? undefined : params.from === 'newest' ? page.before : page.next),
    staleTime: Number.POSITIVE_INFINITY,
  });
  // A quiet topic is not an empty page: below what comes stands what was there when the page opened.
  const before = useQuery({
    queryKey: ['topics', topic, 'before', common],
    enabled: live,
    queryFn: ({ signal }) => readRecords({ ...common, start: { from: 'newest' }, limit: beforeSize }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const linked = useQuery({
    queryKey: ['topics', topic, 'record', params.record, app],
    enabled: params.record !== null && chosen === null,
    queryFn: () => {
      const [partition = '', offset = ''] = (params.record ?? '').split('/');
      return /^\d+$/.test(partition) && /^\d+$/.test(offset)
        ? readRecord(topic, { partition: Number(partition), offset }, app ?? undefined)
        : null;
    },
  });

  const rows: readonly TailRow[] = live
    ? withBefore(tail.rows, before.data?.records ?? [])
    : (past.data?.pages.flatMap((page) => page.records.map((record): TailRow => ({ kind: 'record', record }))) ?? []);
  const records = rows.flatMap((row) => (row.kind === 'record' ? [row.record] : []));
  const declared = detail?.declared ?? null;
  const fields = fieldsOf(declared, records);
  const shown = params.record === null ? null : (chosen ?? linked.data ?? null);
  const refusal = live
    ? tail.freshness.kind === 'refused'
      ? [tail.freshness.message, tail.freshness.hint].filter(Boolean).join(' ')
      : undefined
    : past.isError
      ? inWords(past.error)
      : undefined;
  const waiting = live ? tail.freshness.kind === 'waiting' : past.isPending;

  const togglePause = useMemo(
    () => () => {
      setPausedMs((since) => {
        if (since !== null) scroller.current?.scrollTo({ top: 0 });
        return since === null ? Date.now() : null;
      });
    },
    [],
  );
  const openSend = useCallback(() => {
    holdKeys();
    setSending(true);
  }, []);
  useCommands(
    useMemo<readonly Command[]>(
      () => [
        { id: 'topic-pause', title: 'Pause or resume the tail', group: 'Dashboard', keys: 'p', run: togglePause },
        { id: 'topic-send', title: 'Send a record', group: 'Dashboard', run: openSend },
      ],
      [togglePause, openSend],
    ),
  );
  const select = (record: TopicRecord | null) => {
    const same = record === null || recordId(record) === params.record;
    setChosen(same ? null : record);
    void setParams({ record: same ? null : recordId(record) });
  };
  const missing = topicDetail.error instanceof ApiFailure && topicDetail.error.code === 'not-found';

  return (
    <PageFrame
      crumbs={[{ label: 'Topics', href: '/topics' }, { label: topic }]}
      about={
        detail && detail.apps.length > 0 ? (
          <span className="flex items-center gap-2 text-13 text-text-2">
            in
            <Select
              aria-label="App whose model and positions are shown"
              value={app ?? ''}
              options={detail.apps.map((name) => ({ value: name, label: name }))}
              onChange={(next) => void setParams({ app: next })}
              className="w-auto! min-w-[120px] border-transparent! bg-transparent! font-semibold"
            />
          </span>
        ) : undefined
      }
      actions={
        <>
          {live && pausedMs === null && !missing && <LiveState freshness={tail.freshness} pausedMs={null} now={now} />}
          <Button icon={<Send aria-hidden="true" size={14} />} disabled={missing} onClick={openSend}>
            Send record
          </Button>
        </>
      }
    >
      {missing ? (
        <EmptyState title={`There is no topic ${topic}`} action={<ButtonLink href="/topics">All topics</ButtonLink>}>
          An app creates its topics when it is deployed.
        </EmptyState>
      ) : (
        <>
          {topicDetail.isError && (
            <ErrorBanner
              title="The topic can't be read"
              actions={<Button onClick={() => void topicDetail.refetch()}>Try now</Button>}
            >
              {inWords(topicDetail.error)}
            </ErrorBanner>
          )}
          <TopicFigures
            detail={detail}
            lag={lag}
            drainsMs={drainsInMs(histories.get('all') ?? [])}
            deadLetters={entity?.deadLetters ?? null}
          />
          <TopicPartitions
            detail={detail}
            positions={positions}
            lags={histories}
            resumesAt={
              document === null
                ? null
                : Math.floor(document.settings.bufferMaxRecords * document.settings.bufferResumeRatio)
            }
            appPaused={entity?.status === 'paused'}
            stale={stale}
          />
          <TailToolbar
            source={params.from}
            partition={params.partition}
            partitions={detail?.partitions ?? 0}
            offset={params.offset}
            timeMs={params.time}
            where={params.where}
            refusal={where !== '' || !live ? refusal : undefined}
            counts={tail.counts}
            pausedMs={pausedMs}
            example={fields[0] === undefined ? 'key == "…"' : `value.${fields[0]} != null`}
            onChange={(change) => {
              setPausedMs(null);
              void setParams(change);
            }}
            onTogglePause={togglePause}
          />
          <div className="relative flex min-h-0 flex-1">
            {/* Reading further down stops the rows from moving away; they are counted meanwhile. */}
            <div
              ref={scroller}
              onScroll={(event) =>
                live && pausedMs === null && event.currentTarget.scrollTop > 40 && setPausedMs(Date.now())
              }
              className="relative min-w-0 flex-1 overflow-auto"
            >
              <RecordRows
                label={`Records of ${topic}`}
                rows={rows}
                fields={fields}
                sensitive={sensitiveFields(declared)}
                selected={params.record}
                waiting={waiting}
                onSelect={select}
              />
              {!waiting && rows.length === 0 && refusal === undefined && (live || !past.hasNextPage) && (
                <NoRecords live={live} filtered={where !== ''} />
              )}
              {live && refusal !== undefined && where === '' && rows.length === 0 && (
                <EmptyState title="This topic can't be followed now">{refusal}</EmptyState>
              )}
              {past.hasNextPage && !past.isError && (
                <ReadOn
                  key={JSON.stringify(asked)}
                  looked={past.data?.pages.reduce((sum, page) => sum + page.looked, 0) ?? 0}
                  found={rows.length}
                  filtered={where !== ''}
                  back={params.from === 'newest'}
                  reading={past.isFetchingNextPage}
                  onReadOn={() => void past.fetchNextPage({ cancelRefetch: false })}
                />
              )}
            </div>
            {shown && (
              <RecordPanel
                key={recordId(shown)}
                topic={topic}
                record={shown}
                declared={declared}
                position={positions.find((position) => position.partition === shown.partition)}
                app={app}
                onClose={() => select(null)}
              />
            )}
          </div>
        </>
      )}
      {sending && (
        <SendRecord
          topic={topic}
          app={app}
          declared={declared}
          partitions={detail?.partitions ?? 0}
          onClose={() => setSending(false)}
        />
      )}
    </PageFrame>
  );
}

function NoRecords({ live, filtered }: { readonly live: boolean; readonly filtered: boolean }) {
  if (live)
    return (
      <EmptyState title="Nothing has come since this page was opened">
        {filtered ? 'Records that the filter leaves out are counted, not shown. ' : ''}New records appear here by
        themselves; Newest shows those before.
      </EmptyState>
    );
  return (
    <EmptyState title="No record here">
      {filtered ? 'The filter leaves none of those that were read.' : 'Nothing is kept from there on.'}
    </EmptyState>
  );
}
