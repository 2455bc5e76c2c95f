import type { Window } from '../document/document.ts';
import { formatDuration } from '../document/duration.ts';
import { durationWords } from '../document/duration-words.ts';
import { kindOfWindow } from './window-kinds.ts';

const hourMs = 3_600_000;
/** More closed windows than this are kept only where a document asks for it: every one of a hopping table's overlapping windows holds its own entries. */
const keptWindows = 60;

/** How far the starts of two neighbouring windows are apart, ms; the size of windows that lie side by side. */
export const everyMs = (window: Window): number => kindOfWindow(window).everyMs(window);

/** Whether a time lies in several windows. */
export const overlaps = (window: Window): boolean => everyMs(window) < window.sizeMs;

/** How many windows an event is in, at most. */
export const windowsPerEvent = (window: Window): number => Math.ceil(window.sizeMs / everyMs(window));

/** How long a closed window is kept to be looked at, ms: its own retention, else an hour (of at most 60 windows), and never less than the time a window lives. */
export const keptMs = (window: Window): number =>
  window.retentionMs ?? Math.max(window.sizeMs + window.graceMs, Math.min(hourMs, keptWindows * everyMs(window)));

/** `5 min every 10 s`; of windows side by side their size alone. */
export const windowWords = (window: Window): string =>
  overlaps(window)
    ? `${durationWords(window.sizeMs)} every ${durationWords(everyMs(window))}`
    : durationWords(window.sizeMs);

/** A window as the document writes it. */
export const writtenWindow = (window: Window): Readonly<Record<string, string>> => ({
  ...kindOfWindow(window).written(window),
  ...(window.graceMs > 0 && { grace: formatDuration(window.graceMs) }),
  ...(window.retentionMs !== undefined && { retention: formatDuration(window.retentionMs) }),
});
