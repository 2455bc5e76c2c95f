/** The farthest that a time may be from the epoch, either way, ms: what a date can be of. About the years −271 821 to 275 760. */
export const maxTimeMs = 8.64e15;

/** Whether a number is a time: whole milliseconds of a date that can be. */
export const isTimeMs = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= maxTimeMs;

/** ISO 8601 text of epoch ms, UTC; of a number that is no time, the number as it is. Never throws. */
export const isoTime = (timeMs: number): string =>
  Math.abs(timeMs) <= maxTimeMs ? new Date(timeMs).toISOString() : String(timeMs);
