/** Texts to go back and forth between. Small edits of one thing in quick succession are one step. */
export interface History {
  readonly past: readonly string[];
  readonly future: readonly string[];
  /** What the last edit was of, and when: the next of the same joins it. */
  readonly last: { readonly of: string; readonly atMs: number } | null;
}

export const emptyHistory: History = { past: [], future: [], last: null };
const joinMs = 1500;
const maxSteps = 200;

/** `before` gave way to an edit of `of` (null: joins nothing). */
export function record(history: History, before: string, of: string | null, atMs: number): History {
  const joins = of !== null && history.last?.of === of && atMs - history.last.atMs < joinMs;
  return {
    past: joins ? history.past : [...history.past, before].slice(-maxSteps),
    future: [],
    last: of === null ? null : { of, atMs },
  };
}

export function undo(history: History, now: string): { readonly text: string; readonly history: History } | null {
  const text = history.past.at(-1);
  return text === undefined
    ? null
    : { text, history: { past: history.past.slice(0, -1), future: [...history.future, now], last: null } };
}

export function redo(history: History, now: string): { readonly text: string; readonly history: History } | null {
  const text = history.future.at(-1);
  return text === undefined
    ? null
    : { text, history: { past: [...history.past, now], future: history.future.slice(0, -1), last: null } };
}
