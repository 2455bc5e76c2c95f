/** The beats of many members fall on the same moments, this far apart, ms: a process wakes up once for all of them. */
const gridMs = 250;

/** How long to wait until the last such moment within `intervalMs` from now, ms; an interval that is short beside their distance is kept as it is. */
export const inStep = (intervalMs: number, nowMs: number): number =>
  intervalMs < 4 * gridMs ? intervalMs : Math.floor((nowMs + intervalMs) / gridMs) * gridMs - nowMs;
