'use client';
import { splitId } from '#features/editor/draft.ts';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { type ElementKind, KindIcon } from '#ui/kind-icon.tsx';
import { Section } from '#ui/section.tsx';

/** The elements on the other end of this one's channels. */
export function UsedBy({ id }: { readonly id: string }) {
  const { store } = useEditorServices();
  const graph = useEditor((state) => state.draft.reading?.graph);
  const edges = (graph?.edges ?? []).filter((edge) => edge.from === id || edge.to === id);
  if (edges.length === 0) return null;
  return (
    <Section title="Connected with">
      <ul>
        {edges.map((edge) => {
          const other = edge.from === id ? edge.to : edge.from;
          const [kind, name] = splitId(other);
          return (
            <li key={edge.id} className="border-b border-line last:border-0">
              <button
                type="button"
                onClick={() => store.getState().select(other)}
                className="flex h-7 w-full items-center gap-2 text-left hover:bg-hover"
              >
                <KindIcon kind={kind as ElementKind} size={14} />
                {name}
                <span className="ml-auto text-12 text-text-3">
                  {edge.kind === 'changes'
                    ? edge.from === id
                      ? 'reads its changes'
                      : 'gives its changes'
                    : edge.from === id
                      ? kind === 'agent'
                        ? 'reads it'
                        : `by ${edge.step}`
                      : kind === 'agent'
                        ? 'fills it'
                        : 'brings records'}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
