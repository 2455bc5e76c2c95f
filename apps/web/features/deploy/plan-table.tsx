'use client';
import type { Plan } from '@millrace/dataflow';
import { ChangeTag } from '#ui/change-tag.tsx';
import { cx } from '#ui/cx.ts';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { type ElementKind, KindIcon } from '#ui/kind-icon.tsx';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';

const order = { topic: 0, model: 1, agent: 2, table: 3, settings: 4 } as const;

/** The plan, a line an element; its shape in grey while it is being made. */
export function PlanTable({ plan }: { readonly plan: Plan | undefined }) {
  return (
    <DataTable label="Plan">
      <thead>
        <tr>
          <HeadCell className="!border-t-0 !pl-5">Plan</HeadCell>
          <HeadCell className="!border-t-0">Element</HeadCell>
          <HeadCell className="!border-t-0">What changes</HeadCell>
          <HeadCell className="!border-t-0">State</HeadCell>
          <HeadCell className="!border-t-0">Pause</HeadCell>
        </tr>
      </thead>
      <tbody>
        {plan === undefined && <SkeletonRows rows={5} widths={[70, 120, 220, 140, 50]} />}
        {plan?.elements
          .toSorted((a, b) => order[a.kind] - order[b.kind])
          .map((element) => (
            <Row key={`${element.kind}:${element.id}`} className="!h-9">
              <Cell className="!pl-5">
                <ChangeTag change={element.change} className="!w-[74px]" />
              </Cell>
              <Cell>
                <span className="flex items-center gap-2 font-semibold">
                  <KindIcon kind={element.kind as ElementKind} size={14} />
                  {element.kind === 'settings' ? 'settings' : element.id}
                </span>
              </Cell>
              <Cell wraps className="max-w-[340px] py-1 text-text-2">
                {element.what.join('; ') || '—'}
              </Cell>
              <Cell
                wraps
                className={cx(
                  'max-w-[250px] py-1',
                  element.state.fate === 'dropped'
                    ? 'text-bad'
                    : element.state.fate === 'starts-empty'
                      ? 'text-warn'
                      : 'text-text-2',
                )}
              >
                {element.state.words || '—'}
              </Cell>
              <Cell className={element.pause === 'rejoin' ? 'text-warn' : ''}>
                {element.pause === 'rejoin' ? 'rejoin' : 'none'}
              </Cell>
            </Row>
          ))}
      </tbody>
    </DataTable>
  );
}
