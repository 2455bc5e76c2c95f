'use client';
import type { DocumentPath, Scope, Step } from '@millrace/spec';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { ExpressionField } from '#features/expression/expression-field.tsx';
import { TextField } from '#ui/text-field.tsx';
import { groupBy, partitionsTyped } from './group-by.ts';

/** The key that a `group_by` gives, and over how many partitions it spreads them. */
export function GroupBody({
  step,
  path,
  scope,
}: {
  readonly step: Extract<Step, { op: 'group_by' }>;
  readonly path: DocumentPath;
  readonly scope: Scope | undefined;
}) {
  const { store } = useEditorServices();
  const at = [...path, 'group_by'];
  const { key, partitions } = step;
  return (
    <div className="flex flex-col gap-1.5">
      <ExpressionField label="Key" path={partitions === undefined ? at : [...at, 'key']} value={key} scope={scope} />
      <div className="grid grid-cols-[72px_minmax(0,1fr)] items-center gap-2">
        <span className="text-12 text-text-2">partitions</span>
        <TextField
          aria-label="Partitions of the repartition topic"
          inputMode="numeric"
          placeholder="as many as what comes in has"
          value={partitions === undefined ? '' : String(partitions)}
          onCommit={(text) => {
            const typed = partitionsTyped(text);
            if (typed === undefined || (typed ?? undefined) === partitions) return;
            store.getState().edit([{ path: at, value: groupBy(key, typed ?? undefined) }]);
          }}
        />
      </div>
    </div>
  );
}
