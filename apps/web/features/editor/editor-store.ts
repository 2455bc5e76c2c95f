import { applyEdits, type DocumentPath, type Edit, EditError } from '@millrace/spec';
import { createStore } from 'zustand/vanilla';
import { type Draft, elementAt, readDraft } from './draft.ts';
import { emptyHistory, type History, record, redo, undo } from './history.ts';

/** Where the draft stands against the server's. */
export type SaveState =
  | { readonly kind: 'saved'; readonly atMs: number }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'failed'; readonly message: string }
  /** Someone else saved meanwhile; nothing is saved until the person chooses. */
  | { readonly kind: 'conflict'; readonly theirs: { readonly revision: number; readonly text: string } };

export type PanelTab = 'problems' | 'yaml' | 'live' | 'history';

export interface EditorState {
  readonly app: string;
  readonly draft: Draft;
  readonly history: History;
  /** The server's revision that this draft goes back to, and its text. */
  readonly base: { readonly revision: number; readonly text: string };
  readonly save: SaveState;
  /** `topic:logins`, `model:LoginAttempt`, …; null: the app itself. */
  readonly selected: string | null;
  readonly inspectorOpen: boolean;
  /** The field to put the focus into, as a path of the document; a new object each time it is asked for. */
  readonly focus: { readonly path: DocumentPath } | null;
  /** Height in px, while it is open. */
  readonly panel: { readonly tab: PanelTab; readonly open: boolean; readonly height: number };

  /** Puts a whole new text in place. `of` joins quick edits of one thing into one step of undo. */
  setText(text: string, of?: string): void;
  edit(edits: readonly Edit[], of?: string): void;
  undo(): void;
  redo(): void;
  select(element: string | null): void;
  openInspector(open: boolean): void;
  /** Selects the element at a path, and puts the focus into its field. */
  reveal(path: DocumentPath): void;
  showPanel(tab: PanelTab | null): void;
  resizePanel(height: number): void;
  saving(): void;
  saved(revision: number, text: string, atMs: number): void;
  failed(message: string): void;
  conflicted(theirs: { readonly revision: number; readonly text: string }): void;
  /** Ends a conflict: mine goes on over their revision, or theirs replaces mine (and undo brings mine back). */
  resolve(keep: 'mine' | 'theirs'): void;
}

export type EditorStore = ReturnType<typeof createEditorStore>;

/** The one document being edited; canvas, forms, text and problems all read it here and change it only through `edit` and `setText`. */
export function createEditorStore(
  app: string,
  opened: { readonly revision: number; readonly text: string; readonly savedAtMs: number },
  now: () => number,
) {
  return createStore<EditorState>((set, get) => {
    const become = (text: string, history: History) => {
      const { draft, base, save, selected } = get();
      const next = readDraft(text, draft);
      const gone = selected !== null && !next.broken && next.reading !== null && !isThere(next, selected);
      set({
        draft: next,
        history,
        ...(gone && { selected: null }),
        ...(save.kind !== 'conflict' &&
          save.kind !== 'saving' && {
            save: text === base.text ? { kind: 'saved', atMs: now() } : { kind: 'unsaved' },
          }),
      });
    };
    return {
      app,
      draft: readDraft(opened.text, null),
      history: emptyHistory,
      base: { revision: opened.revision, text: opened.text },
      save: { kind: 'saved', atMs: opened.savedAtMs },
      selected: null,
      inspectorOpen: true,
      focus: null,
      panel: { tab: 'problems', open: false, height: 250 },

      setText: (text, of) => {
        const { draft, history } = get();
        if (text !== draft.text) become(text, record(history, draft.text, of ?? null, now()));
      },
      edit: (edits, of) => {
        try {
          get().setText(applyEdits(get().draft.text, edits), of);
        } catch (cause) {
          if (!(cause instanceof EditError)) throw cause;
          // The text is not YAML now: nothing can be put into it before it is mended, so it is shown.
          get().showPanel('yaml');
        }
      },
      undo: () => {
        const undone = undo(get().history, get().draft.text);
        if (undone) become(undone.text, undone.history);
      },
      redo: () => {
        const redone = redo(get().history, get().draft.text);
        if (redone) become(redone.text, redone.history);
      },
      select: (selected) => set(selected === null ? { selected } : { selected, inspectorOpen: true }),
      openInspector: (inspectorOpen) => set({ inspectorOpen }),
      reveal: (path) => set({ selected: elementAt(path), inspectorOpen: true, focus: { path } }),
      showPanel: (tab) =>
        set(({ panel }) => ({ panel: tab === null ? { ...panel, open: false } : { ...panel, tab, open: true } })),
      resizePanel: (height) => set(({ panel }) => ({ panel: { ...panel, height } })),
      saving: () => set({ save: { kind: 'saving' } }),
      saved: (revision, text, atMs) =>
        set(({ draft }) => ({
          base: { revision, text },
          save: draft.text === text ? { kind: 'saved', atMs } : { kind: 'unsaved' },
        })),
      failed: (message) => set({ save: { kind: 'failed', message } }),
      conflicted: (theirs) => set({ save: { kind: 'conflict', theirs } }),
      resolve: (keep) => {
        const { save, draft, history } = get();
        if (save.kind !== 'conflict') return;
        set({ base: save.theirs, save: { kind: 'unsaved' } });
        if (keep === 'theirs') become(save.theirs.text, record(history, draft.text, null, now()));
        else if (draft.text === save.theirs.text) set({ save: { kind: 'saved', atMs: now() } });
      },
    };
  });
}

/** Whether the document, as last read, has this element: `table:logins`, `model:LoginAttempt`, … */
export function isThere(draft: Draft, element: string): boolean {
  const document = draft.reading?.document;
  if (!document) return false;
  if (element.startsWith('model:')) return Object.hasOwn(document.models, element.slice('model:'.length));
  return draft.reading?.graph.nodes.some((node) => node.id === element) ?? false;
}
