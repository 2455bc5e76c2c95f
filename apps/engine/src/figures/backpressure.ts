import type { PartitionStatus } from '@millrace/streams';

/** One agent, as its most loaded worker has it: ms per second, means over 5 s. */
export interface AgentLoad {
  readonly agent: string;
  /** Share of the time, 0 to 1, in which records that it is to read are held back because it has no time for them. */
  readonly inputHeldBack: number;
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

/** The one measure of an agent, on its node, its channels and as part of its app's: how much it is held back itself, or holds back what it reads. */
export const ratioOf = ({ backpressuredMs, inputHeldBack }: AgentLoad): number =>
  Math.max(0, backpressuredMs / 1000, inputHeldBack);

/**
 * Whether a source partition is held back: its buffer is full; or the agent is always at work and more waits than a buffer holds, however empty the buffer
 * happens to be between two batches.
 */
export function isHeldBack(
  { paused, buffered, bufferMax, lag }: Pick<PartitionStatus, 'paused' | 'buffered' | 'bufferMax' | 'lag'>,
  idleMs: number,
): boolean {
  return paused || buffered >= bufferMax || (idleMs < alwaysAtWorkIdleMs && lag > bufferMax);
}

/**
 * Flink's rule (FLINK-20718): the cause is the first part, in the direction of the records, that is not itself held back and is always at work. Of an
 * agent, that is the step that takes most of its time. `agents` are in the records' order.
 */
export function backpressureOf(agents: readonly AgentLoad[]): Backpressure {
  const ratio = Math.max(0, ...agents.map(ratioOf));
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
