import type { AppState } from './status.ts';

export type AppStateKind = AppState['kind'];

/** What happens to an app on a worker. */
export type LifecycleEvent =
  /** It (re)joins its group. */
  | 'join'
  /** It has partitions; tables are being restored. */
  | 'restore'
  /** Every task may work. */
  | 'ready'
  | 'pause'
  | 'resume'
  /** A failure that waiting may mend. */
  | 'retry'
  /** A failure that only a new version mends. */
  | 'fail'
  | 'stop'
  | 'stopped';

/**
 * Where each event leads from each state; `null`: it means nothing there and changes nothing. A state with a pause in force is entered by
 * `ready` and then `pause`, so a paused app that rejoins comes back paused.
 */
export const transitions: Readonly<Record<AppStateKind, Readonly<Record<LifecycleEvent, AppStateKind | null>>>> = {
  starting: {
    join: 'joining',
    restore: null,
    ready: null,
    pause: null,
    resume: null,
    retry: 'retrying',
    fail: 'failed',
    stop: 'stopping',
    stopped: null,
  },
  joining: {
    join: null,
    restore: 'restoring',
    ready: 'running',
    pause: null,
    resume: null,
    retry: 'retrying',
    fail: 'failed',
    stop: 'stopping',
    stopped: null,
  },
  restoring: {
    join: 'joining',
    restore: 'restoring',
    ready: 'running',
    pause: null,
    resume: null,
    retry: 'retrying',
    fail: 'failed',
    stop: 'stopping',
    stopped: null,
  },
  running: {
    join: 'joining',
    restore: 'restoring',
    ready: null,
    pause: 'paused',
    resume: null,
    retry: 'retrying',
    fail: 'failed',
    stop: 'stopping',
    stopped: null,
  },
  paused: {
    join: 'joining',
    restore: 'restoring',
    ready: null,
    pause: null,
    resume: 'running',
    retry: 'retrying',
    fail: 'failed',
    stop: 'stopping',
    stopped: null,
  },
  retrying: {
    join: 'joining',
    restore: 'restoring',
    ready: 'running',
    pause: null,
    resume: null,
    retry: 'retrying',
    fail: 'failed',
    stop: 'stopping',
    stopped: null,
  },
  failed: {
    join: null,
    restore: null,
    ready: null,
    pause: null,
    resume: null,
    retry: null,
    fail: null,
    stop: 'stopping',
    stopped: null,
  },
  stopping: {
    join: null,
    restore: null,
    ready: null,
    pause: null,
    resume: null,
    retry: null,
    fail: null,
    stop: null,
    stopped: 'stopped',
  },
  stopped: {
    join: null,
    restore: null,
    ready: null,
    pause: null,
    resume: null,
    retry: null,
    fail: null,
    stop: null,
    stopped: null,
  },
};
