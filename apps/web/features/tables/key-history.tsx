'use client';
import type { TableReply } from '@millrace/protocol';
import { doubleOf, isExact } from '@millrace/spec';
import { type KeyboardEvent, useRef } from 'react';
import { useWidth } from '#features/live/use-width.ts';
import { formatClock, formatCount } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';

type KeyRow = TableReply['rows'][number];

/** The agent that speaks up above this value. */
export interface Alert {
  readonly agent: string;
  readonly limit: number;
}

export interface KeyHistoryProps {
  readonly rows: readonly KeyRow[];
  readonly column: string;
  readonly chosenMs: number | null;
  readonly alert: Alert | null;
  readonly onChoose: (startMs: number) => void;
}

const height = 96;
const gutter = 34;
/** What a clock under the bars takes, with room around it. */
const clockWidth = 62;
const maxBars = 60;
const steps = [1, 2, 2.5, 5, 10];

/** The least round number that is at least `value`: 47 → 50. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return (steps.find((step) => step * power >= value) ?? 10) * power;
}

/** One key's value in each of its newest 60 windows; a bar chooses its window. */
export function KeyHistory({ rows, column, chosenMs, alert, onChoose }: KeyHistoryProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const shown = rows
    .flatMap((row) =>
      row.windowStartMs === null ? [] : [{ ...row, startMs: row.windowStartMs, amount: amountOf(row.value[column]) }],
    )
    .sort((a, b) => a.startMs - b.startMs)
    .slice(-maxBars);
  const top = roundUp(Math.max(alert?.limit ?? 0, ...shown.map(({ amount }) => amount)));
  const slot = Math.min(12, Math.max(2, (width - gutter) / Math.max(1, shown.length)));
  const y = (value: number) => height - (value / top) * (height - 6);
  const chosen = shown.findIndex(({ startMs }) => startMs === chosenMs);
  const choose = (index: number) => {
    const row = shown[Math.min(shown.length - 1, Math.max(0, index))];
    if (row) onChoose(row.startMs);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -maxBars, End: maxBars }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    choose(chosen + by);
  };
  const at = shown[chosen];
  return (
    <div
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label={`${column} by window`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, shown.length - 1)}
      aria-valuenow={Math.max(0, chosen)}
      aria-valuetext={at ? `${formatClock(at.startMs)}: ${formatCount(at.amount)}` : 'no window'}
      onKeyDown={onKeyDown}
      onClick={(event) =>
        choose(Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left - gutter) / slot))
      }
      className="relative rounded-tag"
      style={{ height: height + 22 }}
    >
      {width > 0 && (
        <svg aria-hidden="true" width={width} height={height + 22} className="block overflow-visible text-11 tabular">
          {[0, top / 2, top].map((value) => (
            <g key={value}>
              <line x1={gutter} x2={width} y1={y(value) + 0.5} y2={y(value) + 0.5} className="stroke-line" />
              <text x={gutter - 8} y={y(value) + 4} textAnchor="end" className="fill-text-3">
                {formatCount(value)}
              </text>
            </g>
          ))}
          {shown.map((row, index) => (
            <rect
              key={row.startMs}
              x={gutter + index * slot}
              y={y(row.amount)}
              width={Math.max(1, slot - 2)}
              height={Math.max(row.amount > 0 ? 1 : 0, height - y(row.amount))}
              className={cx(index === chosen ? 'fill-accent' : row.open ? 'fill-water opacity-60' : 'fill-outline')}
            />
          ))}
          {alert && (
            <line
              x1={gutter}
              x2={width}
              y1={y(alert.limit)}
              y2={y(alert.limit)}
              className="stroke-warn-mark"
              strokeDasharray="4 3"
            />
          )}
          <Label x={gutter} anchor="start" row={shown[0]} hidden={chosen >= 0 && chosen * slot < clockWidth * 1.5} />
          {at && (
            <Label
              x={Math.min(width - 24, Math.max(gutter + 24, gutter + chosen * slot))}
              anchor="middle"
              row={at}
              chosen
            />
          )}
        </svg>
      )}
    </div>
  );
}

/** What the dashed line stands for. */
export function AlertLegend({ alert }: { readonly alert: Alert }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-warn">
      <svg aria-hidden="true" width="14" height="2" className="stroke-warn-mark" strokeDasharray="4 3">
        <line x1="0" x2="14" y1="1" y2="1" strokeWidth="2" />
      </svg>
      {alert.agent} above {formatCount(alert.limit)}
    </span>
  );
}

const amountOf = (value: unknown): number => (isExact(value) ? doubleOf(value) : 0);

function Label({
  x,
  anchor,
  row,
  chosen = false,
  hidden = false,
}: {
  readonly x: number;
  readonly anchor: 'start' | 'middle';
  readonly row: { readonly windowEndMs: number | null } | undefined;
  readonly chosen?: boolean;
  readonly hidden?: boolean;
}) {
  if (row?.windowEndMs == null || hidden) return null;
  return (
    <text x={x} y={height + 16} textAnchor={anchor} className={chosen ? 'fill-accent font-semibold' : 'fill-text-3'}>
      {formatClock(row.windowEndMs)}
    </text>
  );
}
