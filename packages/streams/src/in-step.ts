/**
 * How long to wait for what comes each interval, ms: whatever has one interval falls on the same moments of the monotonic clock, so that a process that is idle
 * wakes up once for all of it. At most a tenth later than the interval, for a timer that was a moment early.
 */
export const inStep = (intervalMs: number, nowMs: number): number => {
  const waitMs = intervalMs - (nowMs % intervalMs);
  return waitMs < intervalMs / 10 ? waitMs + intervalMs : waitMs;
};
