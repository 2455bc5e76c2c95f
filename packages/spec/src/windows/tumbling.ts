import type { Window } from '../document/document.ts';
import { formatDuration } from '../document/duration.ts';
import type { WindowKind } from './window-kind.ts';

/** Windows side by side: every time lies in exactly one. */
export const tumbling: WindowKind<Extract<Window, { kind: 'tumbling' }>> = {
  example: '{ tumbling: 1m }',
  written: ({ sizeMs }) => ({ tumbling: formatDuration(sizeMs) }),
  everyMs: ({ sizeMs }) => sizeMs,
};
