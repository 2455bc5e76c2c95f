import { keptMs, type Window } from '@millrace/spec';
import type { WindowGrid } from './window-grid.ts';

/** Windows side by side: every time lies in exactly one. */
export const tumbling = (window: Extract<Window, { kind: 'tumbling' }>): WindowGrid => ({
  sizeMs: window.sizeMs,
  stepMs: window.sizeMs,
  graceMs: window.graceMs,
  keepMs: keptMs(window),
});
