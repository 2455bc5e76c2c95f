'use client';
import { useMemo } from 'react';
import { type Command, useCommands } from '#features/shell/commands.ts';
import { useEditorServices } from './editor-context.tsx';
import { selectNothing } from './inspector-room.ts';

/** The editor's own keys and palette entries. */
export function useEditorCommands(): void {
  const { store, openPlan } = useEditorServices();
  useCommands(
    useMemo<readonly Command[]>(() => {
      const state = store.getState;
      return [
        { id: 'deploy', title: 'Deploy…', group: 'Run', keys: 'mod+Enter', whileTyping: true, run: () => openPlan() },
        { id: 'undo', title: 'Undo', group: 'Document', keys: 'mod+z', run: () => state().undo() },
        { id: 'redo', title: 'Redo', group: 'Document', keys: 'shift+mod+z', run: () => state().redo() },
        { id: 'redo-y', title: 'Redo', group: 'Document', keys: 'mod+y', run: () => state().redo() },
        {
          id: 'app-settings',
          title: 'App settings, models',
          group: 'Document',
          keys: 's',
          run: () => {
            state().select(null);
            state().openInspector(true);
          },
        },
        {
          id: 'inspector',
          title: 'Open or close the inspector',
          group: 'Document',
          keys: 'i',
          run: () => state().openInspector(!state().inspectorOpen),
        },
        { id: 'escape', title: 'Select nothing', group: 'Canvas', keys: 'Escape', run: () => selectNothing(store) },
        { id: 'next-problem', title: 'Next problem', group: 'Document', keys: 'e', run: () => nextProblem(store) },
      ];
    }, [store, openPlan]),
  );
}

/** Leads to the problem after the one that was led to last. */
export function nextProblem(store: ReturnType<typeof useEditorServices>['store']): void {
  const { draft, focus, reveal, showPanel } = store.getState();
  if (draft.problems.length === 0) return;
  const at = draft.problems.findIndex((problem) => problem.path === focus?.path);
  const next = draft.problems[(at + 1) % draft.problems.length];
  if (!next) return;
  showPanel(draft.broken ? 'yaml' : 'problems');
  reveal(next.path);
}
