import { ApiFailure, inWords } from '#lib/api-client/request.ts';
import type { EditorStore } from './editor-store.ts';

export interface AutosaveOptions {
  /** Sends the text, made on that revision; throws `ApiFailure`, `stale-draft` with what is there now. */
  readonly send: (
    text: string,
    baseRevision: number,
  ) => Promise<{ readonly revision: number; readonly savedAtMs: number }>;
  /** Runs `then` after so many ms; gives a way to call it off. */
  readonly after: (ms: number, then: () => void) => () => void;
  /** How long typing must rest, ms. */
  readonly restMs?: number;
}

const retryMs = 3000;

/**
 * Saves what is unsaved once it has rested; one request at a time, each on the revision the last one gave. A failure is tried again; a conflict
 * waits for the person. `flush` saves now, and resolves when nothing is unsaved or it can't be saved.
 */
export function startAutosave(
  store: EditorStore,
  { send, after, restMs = 600 }: AutosaveOptions,
): { readonly stop: () => void; readonly flush: () => Promise<void> } {
  let cancel: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const save = async () => {
    const { draft, base } = store.getState();
    store.getState().saving();
    try {
      const saved = await send(draft.text, base.revision);
      store.getState().saved(saved.revision, draft.text, saved.savedAtMs);
    } catch (cause) {
      if (cause instanceof ApiFailure && cause.code === 'stale-draft' && cause.current)
        store.getState().conflicted(cause.current);
      else store.getState().failed(inWords(cause));
    }
  };
  const run = (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    running ??= save().finally(() => {
      running = undefined;
      plan();
    });
    return running;
  };
  const plan = () => {
    const { save: state } = store.getState();
    cancel?.();
    cancel = undefined;
    if (stopped || running || (state.kind !== 'unsaved' && state.kind !== 'failed')) return;
    cancel = after(state.kind === 'failed' ? retryMs : restMs, () => void run());
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (state.draft.text !== before.draft.text || state.save.kind !== before.save.kind) plan();
  });
  plan();
  return {
    stop: () => {
      stopped = true;
      cancel?.();
      unsubscribe();
    },
    flush: async () => {
      await running;
      if (store.getState().save.kind === 'unsaved' || store.getState().save.kind === 'failed') await run();
    },
  };
}
