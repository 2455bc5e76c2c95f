import type { EditorStore } from './editor-store.ts';

/** Below this width in px the inspector lies over the canvas instead of beside it. */
const besideFrom = 1180;

export const inspectorLiesOver = (): boolean => window.innerWidth < besideFrom;

/** Selects nothing; an inspector that lies over the canvas goes with the selection. */
export function selectNothing(store: EditorStore): void {
  store.getState().select(null);
  if (inspectorLiesOver()) store.getState().openInspector(false);
}
