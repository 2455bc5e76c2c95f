import { keptMs, type Window } from '@millrace/spec';
import type { WindowGrid } from './window-grid.ts';

/** Windows that overlap: a new one every `everyMs`. With `everyMs` above `sizeMs` there are times in no window. */
export const hopping = (window: Extract<Window, { kind: 'hopping' }>): WindowGrid => ({
  sizeMs: window.sizeMs,
  stepMs: window.everyMs,
  graceMs: window.graceMs,
  keepMs: keptMs(window),
});
