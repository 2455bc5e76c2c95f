'use client';
import type { Plan, PlanElement } from '@millrace/dataflow';
import { graphOf } from '@millrace/spec';
import { Equal, Minus, Pencil, Plus } from 'lucide-react';
import { useMemo } from 'react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { cx } from '#ui/cx.ts';
import { fate } from './plan-fate.ts';

const looks = {
  kept: { Icon: Equal, css: 'border-line-2 bg-raised text-text' },
  changed: { Icon: Pencil, css: 'border-warn-line bg-warn-tint text-text' },
  created: { Icon: Plus, css: 'border-dashed border-tint-line bg-tint text-text' },
  dropped: { Icon: Minus, css: 'border-dashed border-bad-line bg-bad-tint text-text line-through' },
} as const;

/** The app as the deploy leaves it, each element with what becomes of it; in the order in which records go through. */
export function PlanGraph({ plan }: { readonly plan: Plan }) {
  const { deployed } = useEditorServices();
  const document = useEditor((state) => state.draft.reading?.document);
  const columns = useMemo(
    () =>
      document
        ? columnsOf([...graphOf(document).edges, ...(deployed ? graphOf(deployed).edges : [])])
        : new Map<string, number>(),
    [document, deployed],
  );
  const elements = plan.elements.filter(
    (element) => element.kind === 'topic' || element.kind === 'agent' || element.kind === 'table',
  );
  const byColumn = new Map<number, PlanElement[]>();
  for (const element of elements) {
    const column = columns.get(`${element.kind}:${element.id}`) ?? 0;
    byColumn.set(column, [...(byColumn.get(column) ?? []), element]);
  }
  const order = [...byColumn.keys()].sort((a, b) => a - b);
  return (
    <div
      role="img"
      aria-label={elements.map((element) => `${element.id}: ${fate(element, plan.how)}`).join(', ')}
      className="overflow-x-auto border-b border-line bg-canvas px-5 py-4"
    >
      <div className="flex min-w-max items-start">
        {order.map((column, index) => (
          <div key={column} className="flex items-start">
            {index > 0 && (
              <span
                className="mt-[33px] block h-[3px] w-12 bg-water data-[new=true]:h-0 data-[new=true]:border-t data-[new=true]:border-dashed data-[new=true]:border-outline data-[new=true]:bg-transparent"
                data-new={
                  byColumn.get(column)?.every((element) => element.change === 'created') ||
                  byColumn.get(order[index - 1] ?? 0)?.every((element) => element.change === 'created')
                }
              />
            )}
            <div className="flex flex-col gap-3">
              {(byColumn.get(column) ?? []).map((element) => {
                const { Icon, css } = looks[element.change];
                return (
                  <div key={`${element.kind}:${element.id}`}>
                    <p
                      className={cx(
                        'mb-1 text-11',
                        element.state.fate === 'starts-empty' || element.state.fate === 'dropped'
                          ? 'text-warn'
                          : 'text-text-2',
                      )}
                    >
                      {fate(element, plan.how)}
                    </p>
                    <p
                      className={cx(
                        'flex h-[30px] min-w-[104px] items-center gap-2 rounded-control border px-2.5 font-medium',
                        css,
                      )}
                    >
                      <Icon size={12} className="shrink-0" />
                      {element.id}
                    </p>
                  </div>
                );
              })}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}

/** How many channels lie before each element at most; rings count once. */
export function columnsOf(
  edges: readonly { readonly from: string; readonly to: string }[],
): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  for (const { from, to } of edges) for (const id of [from, to]) columns.set(id, 0);
  for (let round = 0; round < columns.size; round += 1) {
    let moved = false;
    for (const { from, to } of edges) {
      const least = (columns.get(from) ?? 0) + 1;
      if ((columns.get(to) ?? 0) < least && least < columns.size) {
        columns.set(to, least);
        moved = true;
      }
    }
    if (!moved) break;
  }
  return columns;
}
