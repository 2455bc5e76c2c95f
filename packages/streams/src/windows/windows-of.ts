import { everyMs, keptMs, type Window } from '@millrace/spec';
import { newestStart, type WindowGrid } from './window-grid.ts';

export const gridOf = (window: Window): WindowGrid => ({
  sizeMs: window.sizeMs,
  stepMs: everyMs(window),
  graceMs: window.graceMs,
  keepMs: keptMs(window),
});

/** The starts of every window `[start, start + sizeMs)` that holds the time, oldest first. */
export const windowsOf = (window: Window, timestampMs: number): number[] => {
  const grid = gridOf(window);
  const starts: number[] = [];
  for (let start = newestStart(grid, timestampMs); start + grid.sizeMs > timestampMs; start -= grid.stepMs) {
    starts.push(start);
  }
  return starts.reverse();
};
