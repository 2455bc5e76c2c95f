'use client';
import type { SplitTables, WayOut } from '@millrace/dataflow';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { Button } from '#ui/button.tsx';

/** The ways out of tables that their topic would split, each a change of the draft that undo takes back. `onTaken`: behind the change. */
export function WaysOut({ split, onTaken }: { readonly split: SplitTables; readonly onTaken?: (way: WayOut) => void }) {
  const { store } = useEditorServices();
  return (
    <ul aria-label={`Ways out for ${split.tables.join(', ')}`} className="flex flex-col gap-1.5">
      {split.ways.map((way) => (
        <li key={way.kind} className="grid grid-cols-[128px_minmax(0,1fr)] items-center gap-3 text-12 text-text-2">
          <Button
            onClick={() => {
              store.getState().edit(way.edits);
              onTaken?.(way);
            }}
          >
            {way.label}
          </Button>
          <span>{way.words}</span>
        </li>
      ))}
    </ul>
  );
}
