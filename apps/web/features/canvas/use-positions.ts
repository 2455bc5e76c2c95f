'use client';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import type { Position, Positions } from './layout.ts';

/**
 * Where the nodes stand: the document's own positions, and for the others the automatic layout's, which is not written down until
 * something is moved. Null until the first layout is there.
 */
export function usePositions(): {
  readonly positions: Positions | null;
  readonly move: (moved: readonly { readonly id: string; readonly at: Position }[]) => void;
  readonly arrange: () => Promise<void>;
} {
  const { store } = useEditorServices();
  const reading = useEditor((state) => state.draft.reading);
  const [automatic, setAutomatic] = useState<Positions | null>(null);
  const shape = reading
    ? [...reading.graph.nodes.map((node) => node.id), '|', ...reading.graph.edges.map((edge) => edge.id)].join(' ')
    : null;

  const layOutNow = useCallback(async (): Promise<Positions> => {
    const graph = store.getState().draft.reading?.graph;
    if (!graph || graph.nodes.length === 0) return new Map();
    const [{ layOut }, { dagreRow }] = await Promise.all([import('./layout.ts'), import('./dagre-row.ts')]);
    return layOut(graph, dagreRow);
  }, [store]);

  useEffect(() => {
    let current = true;
    const state = store.getState().draft.reading;
    if (shape === null || !state) return; // Not loaded yet: what stands nowhere must not be fitted at the origin.
    if (state.graph.nodes.every((node) => Object.hasOwn(state.document.layout, node.id)))
      setAutomatic((before) => before ?? new Map());
    else void layOutNow().then((made) => current && setAutomatic(made));
    return () => {
      current = false;
    };
  }, [shape, layOutNow, store]);

  const positions = useMemo(() => {
    if (!reading || !automatic) return null;
    const { graph, document } = reading;
    return new Map(
      graph.nodes.map((node) => [node.id, document.layout[node.id] ?? automatic.get(node.id) ?? { x: 0, y: 0 }]),
    );
  }, [reading, automatic]);

  const move = useCallback(
    (moved: readonly { readonly id: string; readonly at: Position }[]) => {
      store.getState().edit(
        moved.map(({ id, at }) => ({ path: ['layout', id], value: { x: Math.round(at.x), y: Math.round(at.y) } })),
        `move ${moved.map(({ id }) => id).join()}`,
      );
    },
    [store],
  );
  const arrange = useCallback(async () => {
    const made = await layOutNow();
    setAutomatic(made);
    const document = store.getState().draft.reading?.document;
    if (document && Object.keys(document.layout).length > 0) store.getState().edit([{ path: ['layout'] }]);
  }, [layOutNow, store]);
  return { positions, move, arrange };
}
