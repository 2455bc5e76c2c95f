import type { Clock } from '@millrace/streams';
import { systemClock } from '../system-clock.ts';

/** Waits of at least so long, ms, may be shorter or longer by half of it. */
const gridMs = 250;

/**
 * The machine's clock, for many apps in one process: their long waits end together, at full quarters of a second, so that a process with a hundred
 * idle apps wakes up four times a second for them and not three hundred times.
 */
export const sharedClock: Clock = {
  ...systemClock,
  after(delayMs, callback) {
    if (delayMs < gridMs) return systemClock.after(delayMs, callback);
    const nowMs = systemClock.monotonic();
    return systemClock.after(Math.round((nowMs + delayMs) / gridMs) * gridMs - nowMs, callback);
  },
};
