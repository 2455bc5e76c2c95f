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
import { cx } from '#ui/cx.ts';
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
  const typeOf = (fold: Table['value'][string]) => (scope ? formatType(aggregateResultType(fold, scope)) : '');
  // Names and types that are longer than their columns have a line of their own, above the fold.
  const stacked = entries.some(([aggregate, fold]) => aggregate.length > 8 || typeOf(fold).length > 6);
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
            className={cx(
              'grid items-start gap-1',
              stacked ? 'grid-cols-[minmax(0,1fr)_auto_22px]' : 'grid-cols-[76px_minmax(0,1fr)_46px_22px]',
            )}
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
            <div className={cx(stacked && 'order-last col-span-2 mb-1')}>
              <ExpressionField
                label={`Fold of ${aggregate}`}
                kind="aggregate"
                path={path(aggregate)}
                value={formatAggregate(fold)}
                scope={scope}
              />
            </div>
            <span className="truncate pt-1 text-right font-mono text-12 text-text-3">{typeOf(fold)}</span>
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
