/**
 * How long to wait for the next beat, ms: beats of one interval fall on the same moments, so that a process wakes up once for all of them. At most a tenth later
 * than the interval, for a timer that was a moment early.
 */
export const inStep = (intervalMs: number, nowMs: number): number => {
  const waitMs = intervalMs - (nowMs % intervalMs);
  return waitMs < intervalMs / 10 ? waitMs + intervalMs : waitMs;
};
