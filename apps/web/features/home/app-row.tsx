'use client';
import type { AppEntity, AppSummary } from '@millrace/protocol';
import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import { formatCount, formatDay, formatRate, plural } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { Cell, Row } from '#ui/data-table.tsx';
import { LevelBars } from '#ui/level-bars.tsx';
import { Sparkline } from '#ui/sparkline.tsx';
import { Status } from '#ui/status.tsx';
import { AppMenu } from './app-menu.tsx';
import { appStatus, lagTrend } from './app-status.ts';

const trends = {
  rising: { Icon: ArrowUpRight, className: 'text-warn' },
  steady: { Icon: ArrowRight, className: 'text-text-3' },
  falling: { Icon: ArrowDownRight, className: 'text-text-3' },
};

/** An app in the list: what should be from the API, what is from the engine. */
export function AppRow({
  summary,
  entity,
  stale,
  now,
}: {
  readonly summary: AppSummary;
  readonly entity: AppEntity | undefined;
  readonly stale: boolean;
  readonly now: number;
}) {
  const status = appStatus(summary, entity, now);
  const deployed = summary.deployment;
  const live = deployed !== null && entity !== undefined;
  const version = entity?.version ?? deployed?.runningVersion ?? deployed?.version ?? null;
  const measured = live && status.status !== 'stopped';
  const moves = live && (status.status === 'running' || status.status === 'restoring');
  const second = status.reason ?? summary.description ?? (deployed ? null : 'Not deployed yet');
  return (
    <Row
      size="two"
      className={cx('focus-within:bg-tint focus-within:shadow-[inset_2px_0_0_var(--accent)]', stale && 'text-text-2')}
    >
      <Cell className="max-w-0 min-w-52 py-1">
        <Link
          href={`/apps/${summary.app}`}
          className="block truncate rounded-tag font-semibold text-text hover:text-accent"
        >
          {summary.app}
        </Link>
        {second !== null && (
          <span
            className={cx('block truncate text-12', status.reason === undefined ? 'text-text-3' : 'text-bad')}
            title={second}
          >
            {second}
          </span>
        )}
      </Cell>
      <Cell>
        <Status status={status.status} detail={status.detail} stale={stale && entity !== undefined} />
        {status.note !== undefined && <span className="block text-12 text-text-3">{status.note}</span>}
      </Cell>
      <Cell>
        {version === null ? '—' : `v${version}`}
        {deployed !== null && summary.draft.changes > 0 && (
          <span className="block text-12 text-text-3">{plural(summary.draft.changes, 'change')}</span>
        )}
      </Cell>
      <Cell numeric>{measured ? formatRate(entity.inPerSecond) : '—'}</Cell>
      <Cell className="max-wide:hidden">
        {live && <Sparkline points={entity.history.inPerSecond} stale={stale || !moves} />}
      </Cell>
      <Cell numeric className={cx('pr-1', measured && lagTrend(entity.history.lag) === 'rising' && 'font-semibold')}>
        {measured ? formatCount(entity.lag) : '—'}
      </Cell>
      <Cell className="w-20 pl-1 max-wide:hidden">{measured && <LagTrend history={entity.history.lag} />}</Cell>
      <Cell className="max-lg:hidden">
        {moves ? <LevelBars level={entity.backpressure.level} stale={stale} /> : <span className="text-text-3">—</span>}
        {moves && entity.backpressure.culprit && (
          <span className="block text-12 text-text-3">culprit {entity.backpressure.culprit.step}</span>
        )}
      </Cell>
      <Cell numeric>{live ? formatCount(entity.tasks) : '—'}</Cell>
      <Cell>
        {deployed ? deployed.actor : 'Draft'}
        <span className="block text-12 text-text-3 tabular">
          {now > 0 &&
            (deployed
              ? formatDay(Date.parse(deployed.deployedAt), now)
              : `edited ${formatDay(Date.parse(summary.draft.savedAt), now)}`)}
        </span>
      </Cell>
      <Cell className="w-10 pl-0">
        <AppMenu summary={summary} status={status.status} />
      </Cell>
    </Row>
  );
}

function LagTrend({ history }: { readonly history: readonly number[] }) {
  const trend = lagTrend(history);
  const { Icon, className } = trends[trend];
  return (
    <span className={cx('inline-flex items-center gap-1 text-12', className)}>
      <Icon aria-hidden="true" size={12} />
      {trend}
    </span>
  );
}
