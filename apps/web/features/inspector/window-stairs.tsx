'use client';
import { everyMs, overlaps, type Window } from '@millrace/spec';
import { spokenDuration } from '#features/canvas/words.ts';
import { useNow } from '#features/shell/health-banners.tsx';
import { formatClock, plural } from '#lib/format.ts';

const width = 320;
const top = 26;
const maxBars = 36;

export interface Stair {
  readonly startMs: number;
  readonly endMs: number;
  readonly open: boolean;
}

/** The windows around an event, oldest first, at most 36 of them: thinned evenly where there are more. `[start, end)`. */
export function stairsAround(
  window: Window,
  eventMs: number,
  nowMs: number,
): { readonly stairs: readonly Stair[]; readonly holding: number; readonly open: number } {
  const { sizeMs } = window;
  const stepMs = everyMs(window);
  const newest = Math.floor(eventMs / stepMs) * stepMs;
  const starts: number[] = [];
  for (let start = newest; start > eventMs - sizeMs; start -= stepMs) starts.unshift(start);
  const isOpen = (start: number) => start + sizeMs > nowMs - window.graceMs;
  const around = overlaps(window) ? starts : [newest - 2 * stepMs, newest - stepMs, ...starts, newest + stepMs];
  const thin = Math.max(1, Math.ceil(around.length / maxBars));
  return {
    stairs: around
      .filter((_, index) => index % thin === 0)
      .map((startMs) => ({ startMs, endMs: startMs + sizeMs, open: isOpen(startMs) })),
    holding: starts.length,
    open: starts.filter(isOpen).length,
  };
}

/** The windows as stairs: grey closed, teal open, pale the part after now; a line through all that hold one event, and the count in words. */
export function WindowStairs({ window }: { readonly window: Window }) {
  const now = useNow();
  if (now === 0) return <div className="h-[168px]" />;
  const eventMs = now - window.sizeMs * 0.3;
  const { stairs, holding, open } = stairsAround(window, eventMs, now);
  const fromMs = Math.min(...stairs.map((stair) => stair.startMs));
  const toMs = Math.max(...stairs.map((stair) => stair.endMs), now);
  const x = (atMs: number) => ((atMs - fromMs) / (toMs - fromMs)) * width;
  const pitch = Math.min(9, 84 / stairs.length);
  const bar = Math.max(1, pitch * 0.62);
  const bottom = top + pitch * stairs.length + 4;
  const first = stairs[0];
  const ticks = [0, 1 / 3, 2 / 3].map((share) => fromMs + share * (toMs - fromMs));
  const narrow = toMs - fromMs < 240_000;
  return (
    <figure className="mt-1">
      <svg
        role="img"
        aria-label={`Windows of ${spokenDuration(window.sizeMs)}; an event is in ${plural(holding, 'window')}`}
        width={width}
        height={bottom + 22}
        className="block overflow-visible"
      >
        {first && (
          <g stroke="var(--outline)">
            <path d={`M${x(first.startMs)} 6v8M${x(first.endMs)} 6v8M${x(first.startMs)} 10H${x(first.endMs)}`} />
            <rect
              x={(x(first.startMs) + x(first.endMs)) / 2 - 26}
              y={3}
              width={52}
              height={14}
              fill="var(--surface)"
              stroke="none"
            />
            <text
              x={(x(first.startMs) + x(first.endMs)) / 2}
              y={14}
              textAnchor="middle"
              stroke="none"
              fill="var(--text-2)"
              className="text-11"
            >
              {spokenDuration(window.sizeMs)}
            </text>
          </g>
        )}
        {stairs.map((stair, index) => {
          const y = top + index * pitch;
          const split = Math.min(Math.max(now, stair.startMs), stair.endMs);
          return (
            <g key={stair.startMs}>
              <rect
                x={x(stair.startMs)}
                y={y}
                width={Math.max(0, x(split) - x(stair.startMs))}
                height={bar}
                fill={stair.open ? 'var(--water)' : 'var(--outline)'}
              />
              <rect
                x={x(split)}
                y={y}
                width={Math.max(0, x(stair.endMs) - x(split))}
                height={bar}
                fill="var(--later)"
              />
            </g>
          );
        })}
        <path d={`M${x(now)} 4V${bottom}`} stroke="var(--text-3)" strokeDasharray="2 3" />
        <text x={x(now) + 5} y={13} fill="var(--text-2)" className="text-11">
          now
        </text>
        <path d={`M${x(eventMs)} ${top - 4}V${bottom}`} stroke="var(--text)" />
        <circle cx={x(eventMs)} cy={bottom} r={2.5} fill="var(--text)" />
        <path d={`M0 ${bottom}H${width}`} stroke="var(--line-2)" />
        {ticks.map((tick) => (
          <text
            key={tick}
            x={Math.min(x(tick), width - 46)}
            y={bottom + 16}
            fill="var(--text-2)"
            className="text-11 tabular"
          >
            {formatClock(tick).slice(0, narrow ? 8 : 5)}
          </text>
        ))}
      </svg>
      <figcaption className="mt-1 text-12 text-text-2">
        An event at <strong className="font-semibold text-text tabular">{formatClock(eventMs)}</strong> is in{' '}
        {plural(holding, 'window')},{' '}
        {holding === 1 ? (open === 1 ? 'still open' : 'closed by now') : `${open} still open`}.
      </figcaption>
    </figure>
  );
}
