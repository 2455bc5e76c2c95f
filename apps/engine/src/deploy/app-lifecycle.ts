/** What control does with one app. Where its tasks stand (joining, restoring, …) the workers say; this is about the version as a whole. */
export type AppPhase =
  /** Nothing runs, nothing should. */
  | 'idle'
  /** A version is being brought up, and nothing ran before it. */
  | 'starting'
  | 'running'
  /** Another version is being brought in; the one before runs until it is. */
  | 'changing'
  /** The new version failed; the one before is brought back. */
  | 'rolling-back'
  | 'paused'
  /** Kafka is away; tried again with back-off. What ran goes on. */
  | 'retrying'
  /** Nothing runs, though something should: only a new version, or being told again, helps. */
  | 'failed'
  | 'stopping';

export type AppEvent =
  /** A version should run, and nothing does. */
  | 'deploy'
  /** A version should run in the place of another. */
  | 'change'
  /** It runs, or is paused, as it should. */
  | 'started'
  | 'started-paused'
  /** It can't run, and there is nothing to fall back on. */
  | 'refused'
  /** It can't run; the one before was touched and is brought back. */
  | 'fall-back'
  | 'unreachable'
  | 'stop'
  | 'stopped'
  /** The running version gave up by itself. */
  | 'broke';

/** Where each event leads; null: it can't happen there. */
export const appTransitions: Readonly<Record<AppPhase, Readonly<Record<AppEvent, AppPhase | null>>>> = {
  idle: transitions({ deploy: 'starting', stop: 'stopping' }),
  starting: transitions({
    started: 'running',
    'started-paused': 'paused',
    refused: 'failed',
    unreachable: 'retrying',
    deploy: 'starting',
    change: 'changing',
    stop: 'stopping',
  }),
  running: transitions({
    change: 'changing',
    deploy: 'starting',
    started: 'running',
    'started-paused': 'paused',
    stop: 'stopping',
    broke: 'failed',
  }),
  changing: transitions({
    started: 'running',
    'started-paused': 'paused',
    refused: 'failed',
    'fall-back': 'rolling-back',
    unreachable: 'retrying',
    deploy: 'starting',
    change: 'changing',
    stop: 'stopping',
  }),
  'rolling-back': transitions({
    started: 'running',
    'started-paused': 'paused',
    refused: 'failed',
    unreachable: 'retrying',
    deploy: 'starting',
    change: 'changing',
    stop: 'stopping',
  }),
  paused: transitions({
    change: 'changing',
    deploy: 'starting',
    started: 'running',
    'started-paused': 'paused',
    stop: 'stopping',
    broke: 'failed',
  }),
  retrying: transitions({
    refused: 'failed',
    'fall-back': 'rolling-back',
    unreachable: 'retrying',
    deploy: 'starting',
    change: 'changing',
    started: 'running',
    'started-paused': 'paused',
    stop: 'stopping',
    broke: 'failed',
  }),
  failed: transitions({ deploy: 'starting', change: 'changing', stop: 'stopping' }),
  stopping: transitions({ stopped: 'idle', stop: 'stopping' }),
};

function transitions(to: Partial<Record<AppEvent, AppPhase>>): Record<AppEvent, AppPhase | null> {
  const none = {
    deploy: null,
    change: null,
    started: null,
    'started-paused': null,
    refused: null,
    'fall-back': null,
    unreachable: null,
    stop: null,
    stopped: null,
    broke: null,
  };
  return { ...none, ...to };
}

/** Throws on a broken invariant: an event that can't happen there. */
export function nextPhase(phase: AppPhase, event: AppEvent): AppPhase {
  const next = appTransitions[phase][event];
  if (next === null) throw new Error(`Broken invariant: ${event} of an app that is ${phase}`);
  return next;
}
