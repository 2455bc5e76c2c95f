import type { Window } from '@millrace/spec';
import { unreachable } from '../assert.ts';
import { hopping } from './hopping.ts';
import { tumbling } from './tumbling.ts';
import { newestStart, type WindowGrid } from './window-grid.ts';

export const gridOf = (window: Window): WindowGrid => {
  switch (window.kind) {
    case 'tumbling':
      return tumbling(window);
    case 'hopping':
      return hopping(window);
    default:
      return unreachable(window);
  }
};

/** The starts of every window `[start, start + sizeMs)` that holds the time, oldest first. */
export const windowsOf = (window: Window, timestampMs: number): number[] => {
  const grid = gridOf(window);
  const starts: number[] = [];
  for (let start = newestStart(grid, timestampMs); start + grid.sizeMs > timestampMs; start -= grid.stepMs) {
    starts.push(start);
  }
  return starts.reverse();
};
