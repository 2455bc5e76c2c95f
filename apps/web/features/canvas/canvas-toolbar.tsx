'use client';
import type { Edit } from '@millrace/spec';
import { useReactFlow, useStore } from '@xyflow/react';
import { Hand, Maximize, MousePointer2, Network, Plus, ZoomIn, ZoomOut } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { addElement, countable, countBy, type NewKind, removeElement } from '#features/editor/element-edits.ts';
import { type Command, useCommands } from '#features/shell/commands.ts';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { KindIcon } from '#ui/kind-icon.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';

const kinds: readonly { readonly kind: NewKind; readonly label: string; readonly hint: string }[] = [
  { kind: 'topic', label: 'Topic', hint: 'brings records' },
  { kind: 'agent', label: 'Agent', hint: 'works on each' },
  { kind: 'table', label: 'Table', hint: 'keeps the result' },
  { kind: 'model', label: 'Model', hint: 'a record’s fields' },
];

/** How the canvas is moved and what can be put on it. */
export function CanvasToolbar({
  pan,
  onPan,
  onArrange,
}: {
  readonly pan: boolean;
  readonly onPan: (pan: boolean) => void;
  readonly onArrange: () => void;
}) {
  const flow = useReactFlow();
  const zoom = useStore((state) => state.transform[2]);
  const { store } = useEditorServices();
  const [adding, setAdding] = useState(false);
  useCommands(
    useMemo<readonly Command[]>(() => {
      const select = (pick: (ids: readonly string[], at: number) => number) => {
        const { draft, selected, reveal } = store.getState();
        const ids = draft.reading?.graph.nodes.map((node) => node.id) ?? [];
        const next = ids[pick(ids, ids.indexOf(selected ?? ''))];
        if (next !== undefined) reveal([`${next.slice(0, next.indexOf(':'))}s`, next.slice(next.indexOf(':') + 1)]);
      };
      const remove = () => {
        const { selected, draft, edit } = store.getState();
        if (selected !== null && draft.reading) edit(removeElement(draft.reading.document, selected));
      };
      return [
        { id: 'add', title: 'Add an element…', group: 'Canvas', keys: 'a', run: () => setAdding(true) },
        { id: 'delete', title: 'Delete the selected element', group: 'Canvas', keys: 'Delete', run: remove },
        { id: 'delete-back', title: 'Delete the selected element', group: 'Canvas', keys: 'Backspace', run: remove },
        {
          id: 'fit',
          title: 'Show the whole graph',
          group: 'Canvas',
          keys: 'f',
          run: () => void flow.fitView({ padding: 0.08, maxZoom: 1 }),
        },
        { id: 'arrange', title: 'Lay the graph out', group: 'Canvas', keys: 'l', run: onArrange },
        { id: 'hand', title: 'Move the canvas', group: 'Canvas', keys: 'h', run: () => onPan(true) },
        { id: 'pointer', title: 'Select and drag', group: 'Canvas', keys: 'v', run: () => onPan(false) },
        { id: 'zoom-in', title: 'Zoom in', group: 'Canvas', keys: '+', run: () => void flow.zoomIn() },
        { id: 'zoom-out', title: 'Zoom out', group: 'Canvas', keys: '-', run: () => void flow.zoomOut() },
        {
          id: 'next-node',
          title: 'Select the next element',
          group: 'Canvas',
          keys: ']',
          run: () => select((ids, at) => (at + 1) % ids.length),
        },
        {
          id: 'previous-node',
          title: 'Select the element before',
          group: 'Canvas',
          keys: '[',
          run: () => select((ids, at) => (at <= 0 ? ids.length : at) - 1),
        },
      ];
    }, [flow, onArrange, onPan, store]),
  );

  const add = (made: { readonly id: string; readonly edits: readonly Edit[] }) => {
    const { edit, reveal } = store.getState();
    edit(made.edits);
    reveal([`${made.id.slice(0, made.id.indexOf(':'))}s`, made.id.slice(made.id.indexOf(':') + 1)]);
  };
  const entries = (): MenuEntry[] => {
    const { draft, selected } = store.getState();
    const document = draft.reading?.document;
    if (!document) return [];
    const topic = selected?.startsWith('topic:') ? selected.slice('topic:'.length) : null;
    const fields = topic === null ? [] : countable(document, topic).slice(0, 6);
    return [
      ...kinds.map(
        ({ kind, label, hint }): MenuEntry => ({
          label,
          hint,
          icon: <KindIcon kind={kind} size={14} />,
          onSelect: () => add(addElement(document, kind, selected)),
        }),
      ),
      ...(topic !== null && fields.length > 0
        ? [{ kind: 'heading' as const, label: `Count ${topic}, the last 5 minutes` }]
        : []),
      ...fields.map(
        (field): MenuEntry => ({
          label: `by ${field}`,
          icon: <KindIcon kind="table" size={14} />,
          onSelect: () => topic !== null && add(countBy(document, topic, field)),
        }),
      ),
    ];
  };
  return (
    <div
      role="toolbar"
      aria-label="Canvas"
      className="pointer-events-auto flex h-[30px] items-center rounded-control border border-line-2 bg-raised"
    >
      <IconButton
        label="Select and drag"
        title="Select and drag (V)"
        pressed={!pan}
        onClick={() => onPan(false)}
        icon={<MousePointer2 size={15} />}
      />
      <IconButton
        label="Move the canvas"
        title="Move the canvas (H)"
        pressed={pan}
        onClick={() => onPan(true)}
        icon={<Hand size={15} />}
      />
      <span className="h-full w-px bg-line-2" />
      <IconButton
        label="Zoom out"
        title="Zoom out (−)"
        onClick={() => void flow.zoomOut()}
        icon={<ZoomOut size={15} />}
      />
      <span className="w-12 text-center text-12 tabular">{Math.round(zoom * 100)} %</span>
      <IconButton label="Zoom in" title="Zoom in (+)" onClick={() => void flow.zoomIn()} icon={<ZoomIn size={15} />} />
      <IconButton
        label="Show the whole graph"
        title="Show the whole graph (F)"
        onClick={() => void flow.fitView({ padding: 0.08, maxZoom: 1 })}
        icon={<Maximize size={14} />}
      />
      <span className="h-full w-px bg-line-2" />
      <IconButton
        label="Lay the graph out"
        title="Lay the graph out (L)"
        onClick={onArrange}
        icon={<Network size={15} />}
      />
      <span className="h-full w-px bg-line-2" />
      <Menu
        side="top"
        open={adding}
        onOpenChange={setAdding}
        trigger={
          <Button variant="bare" icon={<Plus aria-hidden="true" size={14} />} kbd="A">
            Add
          </Button>
        }
        entries={entries}
      />
    </div>
  );
}
