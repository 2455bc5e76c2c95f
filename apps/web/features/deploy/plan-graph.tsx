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

/** px: an element's box with its words above it, and the room between two. */
const box = { width: 148, words: 20, height: 30, gapX: 52, gapY: 12 } as const;
const pitch = { x: box.width + box.gapX, y: box.words + box.height + box.gapY };

interface Placed {
  readonly element: PlanElement;
  readonly x: number;
  readonly y: number;
}

/** The app as the deploy leaves it, each element with what becomes of it; in the order in which records go through. */
export function PlanGraph({ plan }: { readonly plan: Plan }) {
  const { deployed } = useEditorServices();
  const document = useEditor((state) => state.draft.reading?.document);
  const edges = useMemo(
    () => (document ? [...graphOf(document).edges, ...(deployed ? graphOf(deployed).edges : [])] : []),
    [document, deployed],
  );
  const placed = useMemo(() => place(plan.elements, columnsOf(edges)), [plan, edges]);
  const all = [...placed.values()];
  const width = Math.max(0, ...all.map(({ x }) => x + box.width));
  const height = Math.max(0, ...all.map(({ y }) => y + box.words + box.height));
  return (
    <div
      role="img"
      aria-label={all.map(({ element }) => `${element.id}: ${fate(element, plan.how)}`).join(', ')}
      className="max-h-[240px] overflow-auto border-b border-line bg-canvas px-5 py-4"
    >
      <div className="relative" style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true" className="absolute inset-0">
          {[...new Map(edges.map((edge) => [`${edge.from}>${edge.to}`, edge])).entries()].map(([id, { from, to }]) => (
            <Channel key={id} from={placed.get(from)} to={placed.get(to)} />
          ))}
        </svg>
        {[...placed].map(([id, each]) => (
          <ElementBox key={id} {...each} words={fate(each.element, plan.how)} />
        ))}
      </div>
    </div>
  );
}

function ElementBox({ element, x, y, words }: Placed & { readonly words: string }) {
  const { Icon, css } = looks[element.change];
  const lost = element.state.fate === 'starts-empty' || element.state.fate === 'dropped';
  return (
    <div className="absolute" style={{ left: x, top: y, width: box.width }}>
      <p className={cx('h-5 truncate text-11', lost ? 'text-warn' : 'text-text-2')} title={words}>
        {words}
      </p>
      <p
        className={cx('flex h-[30px] items-center gap-2 rounded-control border px-2.5 font-medium', css)}
        title={element.id}
      >
        <Icon size={12} className="shrink-0" />
        <span className="truncate">{element.id}</span>
      </p>
    </div>
  );
}

function Channel({ from, to }: { readonly from: Placed | undefined; readonly to: Placed | undefined }) {
  if (from === undefined || to === undefined) return null;
  const runsAlready = [from, to].every(({ element: { change } }) => change === 'kept' || change === 'changed');
  const [startX, startY] = [from.x + box.width, from.y + box.words + box.height / 2];
  const [endX, endY] = [to.x, to.y + box.words + box.height / 2];
  const bend = Math.max(box.gapX / 2, Math.abs(endX - startX) / 2);
  return (
    <path
      d={`M ${startX} ${startY} C ${startX + bend} ${startY}, ${endX - bend} ${endY}, ${endX} ${endY}`}
      fill="none"
      strokeWidth={runsAlready ? 3 : 1}
      strokeDasharray={runsAlready ? undefined : '3 3'}
      className={runsAlready ? 'stroke-water' : 'stroke-outline'}
    />
  );
}

/** By `kind:id`: each column from top to bottom in the order of the plan. */
function place(elements: Plan['elements'], columns: ReadonlyMap<string, number>): ReadonlyMap<string, Placed> {
  const taken = new Map<number, number>();
  const placed = new Map<string, Placed>();
  for (const element of elements) {
    if (element.kind !== 'topic' && element.kind !== 'agent' && element.kind !== 'table') continue;
    const id = `${element.kind}:${element.id}`;
    const column = columns.get(id) ?? 0;
    const row = taken.get(column) ?? 0;
    taken.set(column, row + 1);
    placed.set(id, { element, x: column * pitch.x, y: row * pitch.y });
  }
  return placed;
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
