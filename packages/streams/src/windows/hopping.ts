import { keepMsOf, type WindowGrid } from './window-grid.ts';

/** Windows that overlap: a new one every `everyMs`. With `everyMs` above `sizeMs` there are times in no window. */
export const hopping = (window: {
  readonly sizeMs: number;
  readonly everyMs: number;
  readonly graceMs: number;
  readonly retentionMs?: number;
}): WindowGrid => ({
  sizeMs: window.sizeMs,
  stepMs: window.everyMs,
  graceMs: window.graceMs,
  keepMs: keepMsOf(window.sizeMs, window.everyMs, window.graceMs, window.retentionMs),
});
