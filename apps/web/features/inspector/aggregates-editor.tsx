'use client';
import {
  aggregateFunctions,
  aggregateResultType,
  type Edit,
  fieldNameProblem,
  formatAggregate,
  formatType,
  type Table,
} from '@millrace/spec';
import { Plus, X } from 'lucide-react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { ExpressionField } from '#features/expression/expression-field.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Section } from '#ui/section.tsx';
import { TextButton } from '#ui/text-button.tsx';
import { TextField } from '#ui/text-field.tsx';

/** The table's value: named folds over the events, each with the type it gives. */
export function AggregatesEditor({ name, table }: { readonly name: string; readonly table: Table }) {
  const { store } = useEditorServices();
  const types = useEditor((state) => state.draft.reading?.types);
  const scope = types?.get(`table:${name}`)?.in;
  const entries = Object.entries(table.value);
  const edit = (...edits: Edit[]) => store.getState().edit(edits);
  const path = (aggregate: string) => ['tables', name, 'value', aggregate];
  const add = () => {
    let id = 'count';
    for (let number = 2; Object.hasOwn(table.value, id); number += 1) id = `count${number}`;
    edit({ path: path(id), value: 'count()' });
  };
  return (
    <Section
      title="Value"
      action={
        <TextButton icon={<Plus aria-hidden="true" size={12} />} onClick={add}>
          Add
        </TextButton>
      }
    >
      <ul className="flex flex-col gap-1.5" data-path={['tables', name, 'value'].join('/')}>
        {entries.map(([aggregate, fold]) => (
          <li
            key={aggregate}
            data-path={path(aggregate).join('/')}
            className="grid grid-cols-[76px_minmax(0,1fr)_46px_22px] items-start gap-1"
          >
            <TextField
              aria-label={`Name of ${aggregate}`}
              mono
              className="!px-1.5"
              value={aggregate}
              onCommit={(next) =>
                fieldNameProblem(next) === null &&
                !Object.hasOwn(table.value, next) &&
                edit({ path: path(aggregate), rename: next })
              }
            />
            <ExpressionField
              label={`Fold of ${aggregate}`}
              kind="aggregate"
              path={path(aggregate)}
              value={formatAggregate(fold)}
              scope={scope}
            />
            <span className="truncate pt-1 text-right font-mono text-12 text-text-3">
              {scope ? formatType(aggregateResultType(fold, scope)) : ''}
            </span>
            <IconButton
              className="!w-[22px]"
              label={`Take out ${aggregate}`}
              icon={<X size={13} />}
              disabled={entries.length === 1}
              onClick={() => edit({ path: path(aggregate) })}
            />
          </li>
        ))}
      </ul>
      <p className="mt-2 text-11 text-text-3">
        {aggregateFunctions.map((fn) => (fn === 'count' ? 'count()' : `${fn}(…)`)).join(', ')}
      </p>
    </Section>
  );
}
