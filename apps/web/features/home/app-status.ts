import type { AppEntity, AppSummary } from '@millrace/protocol';
import { formatClock, formatSpan } from '#lib/format.ts';
import type { StatusKind } from '#ui/status.tsx';

/** What the status column says of an app: the engine's word where it has one, else what should be. */
export interface AppStatus {
  readonly status: StatusKind;
  /** After the word: `64 %`. */
  readonly detail?: string;
  /** The second line: since when, how long to go. */
  readonly note?: string;
  /** Said red in place of the description. */
  readonly reason?: string;
}

export function appStatus(summary: AppSummary, entity: AppEntity | undefined, nowMs: number): AppStatus {
  const { deployment } = summary;
  const failed = entity?.failedVersion ?? null;
  if (entity && entity.status !== 'draft') {
    const { status, restoring, sinceMs } = entity;
    const reason =
      status === 'failed' || status === 'retrying'
        ? entity.reason
        : failed
          ? `v${failed.version} did not start: ${failed.reason}`
          : null;
    return {
      status,
      ...(status === 'restoring' && restoring
        ? { detail: `${Math.floor((restoring.done / Math.max(1, restoring.total)) * 100)} %` }
        : {}),
      ...(status === 'restoring' && restoring?.leftMs != null
        ? { note: `about ${formatSpan(restoring.leftMs)} left` }
        : {}),
      ...(status === 'paused' && sinceMs !== null ? { note: `since ${formatClock(sinceMs).slice(0, 5)}` } : {}),
      ...(status === 'failed' && sinceMs !== null && nowMs > 0 ? { note: `${formatSpan(nowMs - sinceMs)} ago` } : {}),
      ...(reason === null ? {} : { reason }),
    };
  }
  if (!deployment) return { status: 'draft' };
  if (deployment.outcome === 'failed' && deployment.runningVersion === null)
    return { status: 'failed', ...(deployment.reason === null ? {} : { reason: deployment.reason }) };
  if (deployment.desired === 'paused') return { status: 'paused' };
  if (deployment.desired === 'stopped') return { status: 'stopped' };
  return { status: deployment.outcome === 'settled' ? 'running' : 'starting' };
}

export const filters = ['all', 'running', 'attention', 'paused', 'drafts'] as const;
export type Filter = (typeof filters)[number];

/** Which segment an app belongs to, besides *all*. Attention: failed, retrying, held back, or with problems in what is deployed. */
export function belongsTo(filter: Filter, status: AppStatus, entity: AppEntity | undefined): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return status.status === 'running' || status.status === 'restoring' || status.status === 'starting';
    case 'attention':
      return (
        status.reason !== undefined ||
        status.status === 'failed' ||
        status.status === 'retrying' ||
        entity?.backpressure.level === 'HIGH'
      );
    case 'paused':
      return status.status === 'paused' || status.status === 'stopped';
    case 'drafts':
      return status.status === 'draft';
  }
}

export type Trend = 'rising' | 'steady' | 'falling';

/** Of the last points against those before: more than a tenth (and ten records) apart is a direction. */
export function lagTrend(history: readonly number[]): Trend {
  const recent = history.slice(-5);
  const earlier = history.slice(-15, -5);
  if (recent.length === 0 || earlier.length === 0) return 'steady';
  const mean = (points: readonly number[]) => points.reduce((sum, point) => sum + point, 0) / points.length;
  const change = mean(recent) - mean(earlier);
  return Math.abs(change) <= Math.max(10, mean(earlier) * 0.1) ? 'steady' : change > 0 ? 'rising' : 'falling';
}
