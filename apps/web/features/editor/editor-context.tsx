'use client';
import type { AppDetail, GraphEntity } from '@millrace/protocol';
import type { AppDocument, Problem } from '@millrace/spec';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Channel } from '#lib/engine-client/index.ts';
import type { ElementChange } from './deployed-changes.ts';
import type { EditorState, EditorStore } from './editor-store.ts';

/** What the editor's parts share besides the store: what is deployed, what runs, and how to deploy. */
export interface EditorServices {
  readonly store: EditorStore;
  /** The app as the API tells it; refetched after each change of what should be. */
  readonly detail: AppDetail;
  /** The document of the version that is deployed. */
  readonly deployed: AppDocument | null;
  readonly changes: ReadonlyMap<string, ElementChange>;
  readonly live: Channel<GraphEntity>;
  /** Figures are the last seen. */
  readonly stale: boolean;
  /** Kafka does not answer the engine: nothing can be deployed. */
  readonly kafkaSilent: boolean;
  readonly openPlan: (version?: number) => void;
  /** Saves what is unsaved, now. */
  readonly flush: () => Promise<void>;
}

const EditorContext = createContext<EditorServices | null>(null);
export const EditorProvider = EditorContext.Provider;

export function useEditorServices(): EditorServices {
  const services = useContext(EditorContext);
  if (!services) throw new Error('This part belongs into an editor');
  return services;
}

export const useEditor = <T,>(select: (state: EditorState) => T): T => useStore(useEditorServices().store, select);

const samePath = (a: Problem['path'], b: Problem['path']): boolean =>
  a.length === b.length && a.every((part, index) => String(part) === String(b[index]));

/** What is wrong at exactly this path, or below it where `deep`. */
export function problemAt(problems: readonly Problem[], path: Problem['path'], deep = false): Problem | undefined {
  return problems.find((problem) => samePath(deep ? problem.path.slice(0, path.length) : problem.path, path));
}

/** What is wrong with the field at this path. */
export function useProblemAt(path: Problem['path'], deep = false): Problem | undefined {
  return useEditor((state) => problemAt(state.draft.problems, path, deep));
}
