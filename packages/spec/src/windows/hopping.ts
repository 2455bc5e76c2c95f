import type { Window } from '../document/document.ts';
import { formatDuration } from '../document/duration.ts';
import type { WindowKind } from './window-kind.ts';

/** Windows that overlap: a new one every so often. */
export const hopping: WindowKind<Extract<Window, { kind: 'hopping' }>> = {
  example: '{ hopping: 5m, every: 10s }',
  written: ({ sizeMs, everyMs }) => ({ hopping: formatDuration(sizeMs), every: formatDuration(everyMs) }),
  everyMs: ({ everyMs }) => everyMs,
};
