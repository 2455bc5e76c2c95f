/**
 * Where a window kind's windows lie: `[k·stepMs, k·stepMs + sizeMs)` for every integer k, also below zero. Integer milliseconds.
 * A window is open while `start + sizeMs > streamTime − graceMs`, and forgotten once `start + sizeMs + graceMs + keepMs <= streamTime`.
 */
export interface WindowGrid {
  readonly sizeMs: number;
  readonly stepMs: number;
  readonly graceMs: number;
  /** How long a closed window is kept to be looked at. */
  readonly keepMs: number;
}

/** The largest multiple of `stepMs` at or below `timestampMs`; both integers, times before 1970 included. */
export const floorToStep = (timestampMs: number, stepMs: number): number => {
  const rest = timestampMs % stepMs;
  return rest < 0 ? timestampMs - rest - stepMs : timestampMs - rest;
};

/** The start of the newest window that holds the time. */
export const newestStart = (grid: WindowGrid, timestampMs: number): number => floorToStep(timestampMs, grid.stepMs);

/**
 * The start of the window that ends next: of those that hold the time, the one that has held the most of its span, so the answer to "in the last
 * five minutes". A tumbling table's current window.
 */
export const fullestStart = (grid: WindowGrid, timestampMs: number): number =>
  newestStart(grid, timestampMs) + grid.stepMs - grid.sizeMs;

/** Whether a window still accepts records at a stream time. */
export const isOpen = (grid: WindowGrid, startMs: number, streamTimeMs: number): boolean =>
  startMs + grid.sizeMs > streamTimeMs - grid.graceMs;
