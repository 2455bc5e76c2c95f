import { keepMsOf, type WindowGrid } from './window-grid.ts';

/** Windows side by side: every time lies in exactly one. */
export const tumbling = (window: {
  readonly sizeMs: number;
  readonly graceMs: number;
  readonly retentionMs?: number;
}): WindowGrid => ({
  sizeMs: window.sizeMs,
  stepMs: window.sizeMs,
  graceMs: window.graceMs,
  keepMs: keepMsOf(window.sizeMs, window.sizeMs, window.graceMs, window.retentionMs),
});
