/** One agent, as its most loaded worker has it: ms per second, means over 5 s. */
export interface AgentLoad {
  readonly agent: string;
  readonly busyMs: number;
  readonly idleMs: number;
  readonly backpressuredMs: number;
  /** By the time that they take, ms per second. */
  readonly steps: readonly { readonly step: string; readonly busyMs: number }[];
}

export type Level = 'OK' | 'LOW' | 'HIGH';

export interface Backpressure {
  readonly level: Level;
  /** Share of the time that the worst part of the app is held back, 0 to 1. */
  readonly ratio: number;
  readonly culprit: { readonly agent: string; readonly step: string } | null;
}

const okUpTo = 0.1;
const lowUpTo = 0.5;
/** An agent that waits less than this, ms per second, is always at work. */
const alwaysAtWorkIdleMs = 1;

/** Flink's thresholds: OK to 0.10, LOW to 0.5, HIGH above. */
export const levelOf = (ratio: number): Level => (ratio <= okUpTo ? 'OK' : ratio <= lowUpTo ? 'LOW' : 'HIGH');

/**
 * Flink's rule (FLINK-20718): the cause is the first part, in the direction of the records, that is not itself held back and is always at work. Of an
 * agent, that is the step that takes most of its time.
 * `agents` are in the records' order; `inputHeldBack` is the share of the time, 0 to 1, in which a source partition was paused because its buffer was full.
 */
export function backpressureOf(agents: readonly AgentLoad[], inputHeldBack: number): Backpressure {
  const ratio = Math.max(inputHeldBack, 0, ...agents.map(({ backpressuredMs }) => backpressuredMs / 1000));
  const level = levelOf(ratio);
  if (level === 'OK') return { level, ratio, culprit: null };
  const cause = agents.find(
    ({ backpressuredMs, idleMs }) => levelOf(backpressuredMs / 1000) === 'OK' && idleMs < alwaysAtWorkIdleMs,
  );
  const step = cause?.steps.reduce(
    (most, each) => (each.busyMs > most.busyMs ? each : most),
    cause.steps[0] ?? { step: '', busyMs: 0 },
  );
  return {
    level,
    ratio,
    culprit:
      cause !== undefined && step !== undefined && step.step !== '' ? { agent: cause.agent, step: step.step } : null,
  };
}
