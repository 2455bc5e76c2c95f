'use client';
import { Ellipsis, ExternalLink, PanelRight, Spline, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { splitId } from '#features/editor/draft.ts';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { removeElement } from '#features/editor/element-edits.ts';
import { cx } from '#ui/cx.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import { connectionsOf } from './connections.ts';

/** What can be done with a node, from the keyboard too: among it, everything that it can be connected to. */
export function NodeMenu({ id, shown }: { readonly id: string; readonly shown: boolean }) {
  const { store } = useEditorServices();
  const router = useRouter();
  const [kind, name] = splitId(id);
  const entries = (): MenuEntry[] => {
    const { draft, app, select, edit } = store.getState();
    const document = draft.reading?.document;
    if (!document) return [];
    const fitting = connectionsOf(document, id);
    return [
      { label: 'Edit', icon: <PanelRight size={14} />, onSelect: () => select(id) },
      ...(kind === 'table'
        ? [
            {
              label: 'Open its live rows',
              icon: <ExternalLink size={14} />,
              onSelect: () => router.push(`/apps/${app}/tables/${name}`),
            },
          ]
        : []),
      ...(kind === 'topic'
        ? [
            {
              label: 'Open the topic',
              icon: <ExternalLink size={14} />,
              onSelect: () => router.push(`/topics/${encodeURIComponent(document.topics[name]?.name ?? name)}`),
            },
          ]
        : []),
      ...(fitting.length > 0 ? [{ kind: 'heading' as const, label: 'Connect to…' }] : []),
      ...fitting.map(({ to, edits }) => ({
        label: splitId(to)[1],
        hint: splitId(to)[0],
        icon: <Spline size={14} />,
        onSelect: () => edit(edits),
      })),
      { kind: 'separator' },
      {
        label: 'Delete',
        icon: <Trash2 size={14} />,
        danger: true,
        kbd: 'Del',
        onSelect: () => edit(removeElement(document, id)),
      },
    ];
  };
  return (
    <span
      className={cx(
        'nodrag nopan absolute -top-[25px] right-0 flex rounded-control border border-line-2 bg-raised group-focus-within/node:opacity-100 group-hover/node:opacity-100',
        !shown && 'opacity-0 has-data-popup-open:opacity-100',
      )}
    >
      <Menu
        align="end"
        trigger={
          <IconButton
            className="!h-[22px] !w-7"
            label={`Actions for ${name}`}
            title="Actions"
            icon={<Ellipsis size={14} />}
          />
        }
        entries={entries}
      />
    </span>
  );
}
