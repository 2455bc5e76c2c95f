import type { Window } from '../document/document.ts';

/** What there is to know of one kind of window on paper, but how it is read: a browser's page is to load without its schemas. */
export interface WindowKind<W extends Window> {
  /** A short one as it is written, for hints. */
  readonly example: string;
  /** What its schema reads of it, but grace and retention. */
  written(window: W): Readonly<Record<string, string>>;
  /** How far the starts of two neighbours are apart, ms. */
  everyMs(window: W): number;
}
