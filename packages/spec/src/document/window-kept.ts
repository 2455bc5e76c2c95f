import type { Window } from './document.ts';

const hourMs = 3_600_000;
/** More closed windows than this are kept only where a document asks for it: every one of a hopping table's overlapping windows holds its own entries. */
const keptWindows = 60;

/** How long a closed window is kept to be looked at, ms: its own retention, else an hour (of at most 60 windows), and never less than the time a window lives. */
export const keptMs = (window: Window): number => {
  const stepMs = window.kind === 'hopping' ? window.everyMs : window.sizeMs;
  return window.retentionMs ?? Math.max(window.sizeMs + window.graceMs, Math.min(hourMs, keptWindows * stepMs));
};

/** How many windows an event is in, at most. */
export const windowsPerEvent = (window: Window): number =>
  window.kind === 'hopping' ? Math.ceil(window.sizeMs / window.everyMs) : 1;
