'use client';
import type { WindowsEntity } from '@millrace/protocol';
import { ChevronLeft, ChevronRight, EllipsisVertical } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useWidth } from '#features/live/use-width.ts';
import { formatClock } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { cx } from '#ui/cx.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { windowScale } from './window-scale.ts';

export interface WindowScrubberProps {
  readonly windows: WindowsEntity | undefined;
  /** Start of the window that is shown; null: rows of several windows are. */
  readonly chosenMs: number | null;
  readonly following: boolean;
  readonly watermarkMs: number | null;
  readonly stale: boolean;
  readonly onChoose: (startMs: number) => void;
  readonly onFollow: () => void;
}

const height = 56;

/** All windows that the table keeps, as bars in time; the frame is the window that the rows below belong to. */
export function WindowScrubber(props: WindowScrubberProps) {
  const { windows: entity, chosenMs, following, onChoose, onFollow } = props;
  const windows = entity?.windows ?? [];
  const at = windows.findIndex(({ startMs }) => startMs === chosenMs);
  const step = (by: number) => {
    const next = windows[Math.min(windows.length - 1, Math.max(0, (at < 0 ? windows.length - 1 : at) + by))];
    if (next) onChoose(next.startMs);
  };
  return (
    <section aria-label="Windows" className="shrink-0 border-b border-line px-4 pt-2 pb-1.5">
      <div className="flex h-7 items-center gap-2 text-12 text-text-3">
        <h2 className="text-13 font-semibold text-text">Windows</h2>
        <span className="min-w-0 truncate">
          {entity?.column == null ? 'rows' : entity.column}, window by window. Drag the frame or use ← → to step through
          windows
        </span>
        <span className="ml-auto" />
        <span className="inline-flex items-center gap-1 whitespace-nowrap max-wide:hidden">
          <EllipsisVertical aria-hidden="true" size={13} />
          watermark
        </span>
        <IconButton
          label="Window before"
          icon={<ChevronLeft size={16} />}
          disabled={windows.length === 0 || at === 0}
          onClick={() => step(-1)}
        />
        <IconButton
          label="Next window"
          icon={<ChevronRight size={16} />}
          disabled={windows.length === 0 || at === windows.length - 1}
          onClick={() => step(1)}
        />
        <Button
          onClick={onFollow}
          aria-pressed={following}
          disabled={following}
          title={
            following
              ? 'The window that fills now is shown, and the next one after it'
              : 'Show the window that fills now'
          }
        >
          {following ? 'Follows the latest' : 'Latest window'}
        </Button>
      </div>
      <Track {...props} at={at} step={step} />
    </section>
  );
}

function Track({
  windows: entity,
  chosenMs,
  watermarkMs,
  stale,
  onChoose,
  onFollow,
  at,
  step,
}: WindowScrubberProps & { readonly at: number; readonly step: (by: number) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const windows = entity?.windows ?? [];
  const chosen = windows[at];
  const scale = windowScale(windows, Math.max(1, width));
  const max = Math.max(1, ...windows.map(({ sum }) => sum));
  const barPx = Math.max(1, Math.min(scale.stepPx * 0.72, 14));
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const place = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const window = windows[scale.nearest(place)];
    if (window && window.startMs !== chosenMs) onChoose(window.startMs);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -windows.length }[event.key];
    if (event.key === 'End') onFollow();
    else if (by === undefined) return;
    else step(by);
    event.preventDefault();
  };
  const left = chosen ? scale.x(chosen.startMs) : 0;
  const right = chosen ? scale.x(chosen.endMs) : 0;
  const label = chosen ? `${formatClock(chosen.startMs)} – ${formatClock(chosen.endMs)}` : '';
  const labelX = Math.min(Math.max((left + right) / 2, 66), Math.max(66, width - 66));
  return (
    <div
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label="Window"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, windows.length - 1)}
      aria-valuenow={Math.max(0, at)}
      aria-valuetext={label === '' ? 'several windows' : label}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        point(event);
      }}
      onPointerMove={(event) => event.buttons === 1 && point(event)}
      className="relative mt-1 cursor-ew-resize touch-none rounded-tag select-none"
      style={{ height: height + 20 }}
    >
      {width > 0 && (
        <svg aria-hidden="true" width={width} height={height + 20} className="absolute inset-0 block overflow-visible">
          {chosen && <rect x={left} y={0} width={Math.max(2, right - left)} height={height} className="fill-tint" />}
          {windows.map((window) => {
            const barHeight = window.sum <= 0 ? 1 : Math.max(2, (window.sum / max) * (height - 8));
            const inFrame = chosen !== undefined && window.endMs > chosen.startMs && window.endMs <= chosen.endMs;
            return (
              <rect
                key={window.startMs}
                x={Math.min(width - barPx, scale.x(window.endMs) - barPx)}
                y={height - barHeight}
                width={barPx}
                height={barHeight}
                className={cx(
                  stale
                    ? 'fill-line-2'
                    : inFrame
                      ? window === chosen
                        ? 'fill-accent'
                        : 'fill-water'
                      : window.open
                        ? 'fill-later'
                        : 'fill-line-2',
                )}
              />
            );
          })}
          <line x1={0} x2={width} y1={height + 0.5} y2={height + 0.5} className="stroke-line-2" />
          {watermarkMs !== null && windows.length > 0 && (
            <line
              x1={scale.x(watermarkMs)}
              x2={scale.x(watermarkMs)}
              y1={0}
              y2={height}
              className="stroke-text-3"
              strokeDasharray="2 2"
            />
          )}
          {chosen && (
            <g className="stroke-accent" strokeWidth={1.5}>
              <line x1={left} x2={left} y1={0} y2={height} />
              <line x1={right} x2={right} y1={0} y2={height} />
              <rect x={left - 3.5} y={height / 2 - 7} width={7} height={14} rx={2} className="fill-surface" />
              <rect x={right - 3.5} y={height / 2 - 7} width={7} height={14} rx={2} className="fill-surface" />
            </g>
          )}
          {scale.ticks.map(({ x, atMs }) => {
            const hidden = windows.length === 0 || (chosen && Math.abs(x - labelX) < 96) || x > width - 24;
            return hidden ? null : (
              <text key={atMs} x={x} y={height + 16} className="fill-text-3 text-11 tabular">
                {formatClock(atMs).slice(
                  0,
                  scale.ticks.length > 1 && (scale.ticks[1]?.atMs ?? 0) - (scale.ticks[0]?.atMs ?? 0) < 60_000 ? 8 : 5,
                )}
              </text>
            );
          })}
          {chosen && (
            <text x={labelX} y={height + 16} textAnchor="middle" className="fill-accent text-11 font-semibold tabular">
              {label}
            </text>
          )}
        </svg>
      )}
    </div>
  );
}
