import type { AppEntity } from '@millrace/protocol';
import type { AppState } from '@millrace/streams';
import type { AppView } from './workspace.ts';

type Status = AppEntity['status'];

/** An app on the home page: what control does with it, and what the workers say of it, in one status. */
export function appEntity(view: AppView): AppEntity {
  const { app, supervisor, figures, dataflow } = view;
  const { status, reason, sinceMs } = overall(view);
  const restoring = figures
    .statuses()
    .map((each) => each.status.state)
    .filter((state) => state.kind === 'restoring');
  const rates = dataflow === null ? { in: 0, out: 0 } : figures.appRates(dataflow);
  return {
    id: `app:${app}`,
    type: 'app',
    app,
    status,
    reason,
    ...(supervisor.problems.length === 0 ? {} : { problems: [...supervisor.problems] }),
    sinceMs,
    restoring:
      restoring.length === 0
        ? null
        : {
            done: restoring.reduce((total, { done }) => total + done, 0),
            total: restoring.reduce((total, each) => total + each.total, 0),
            leftMs: restoring.reduce<number | null>(
              (most, { leftMs }) => (leftMs === null ? most : Math.max(most ?? 0, leftMs)),
              null,
            ),
          },
    version: supervisor.running?.version ?? null,
    quarantine: supervisor.quarantine,
    failedVersion: supervisor.failedVersion,
    inPerSecond: rates.in,
    outPerSecond: rates.out,
    lag: figures.lag(),
    history: figures.history(),
    backpressure: dataflow === null ? { level: 'OK', ratio: 0, culprit: null } : figures.backpressure(dataflow),
    tasks: figures.statuses().reduce((total, each) => total + each.status.tasks.length, 0),
    deadLetters: figures.statuses().reduce((total, each) => total + each.status.deadLetters, 0),
  };
}

interface Overall {
  readonly status: Status;
  readonly reason: string | null;
  readonly sinceMs: number | null;
}

/** The worst that a worker says, while control has nothing of its own to say. */
export function overall({ supervisor, figures }: Pick<AppView, 'supervisor' | 'figures'>): Overall {
  const states = figures.statuses().map(({ status }) => status.state);
  const { phase, reason, sinceMs } = supervisor;
  switch (phase) {
    case 'idle':
      return { status: 'stopped', reason: null, sinceMs };
    case 'starting':
    case 'changing':
    case 'rolling-back':
      return (
        ofWorkers(states, ['failed', 'retrying', 'restoring']) ?? {
          status: phase === 'changing' && states.some(({ kind }) => kind === 'running') ? 'running' : 'starting',
          reason,
          sinceMs,
        }
      );
    case 'running':
      return (
        ofWorkers(states, ['failed', 'retrying', 'restoring', 'starting', 'joining']) ?? {
          status: states.length === 0 ? 'starting' : 'running',
          reason: null,
          sinceMs,
        }
      );
    case 'paused':
      return ofWorkers(states, ['failed', 'retrying', 'restoring']) ?? { status: 'paused', reason: null, sinceMs };
    case 'retrying':
    case 'failed':
    case 'stopping':
      return { status: phase, reason, sinceMs };
  }
}

function ofWorkers(states: readonly AppState[], kinds: readonly AppState['kind'][]): Overall | null {
  for (const kind of kinds) {
    const state = states.find((each) => each.kind === kind);
    if (state === undefined) continue;
    switch (state.kind) {
      case 'failed':
        return { status: 'failed', reason: state.reason, sinceMs: state.atMs };
      case 'retrying':
        return { status: 'retrying', reason: state.reason, sinceMs: state.sinceMs };
      case 'restoring':
        return { status: 'restoring', reason: null, sinceMs: null };
      default:
        return { status: 'starting', reason: null, sinceMs: null };
    }
  }
  return null;
}
