'use client';
import type { GraphEdge } from '@millrace/spec';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath, getSmoothStepPath, Position } from '@xyflow/react';
import { CircleX, Pause, RotateCcw } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { formatClock, formatCount, formatRate, formatSpan } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { LevelBars } from '#ui/level-bars.tsx';
import { type ChannelFigures, useChannelFigures } from './channel-figures.ts';
import type { ChannelEdge as Edge } from './edge-data.ts';

/** Two banks, a bed, and water as high as the buffer is full; dashes in it move with the rate. A gate across it is a pause. */
export const ChannelEdge = memo(function ChannelEdge(props: EdgeProps<Edge>) {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, id } = props;
  const figures = useChannelFigures(data);
  const { stale } = useEditorServices();
  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition };
  const falls = sourcePosition === Position.Bottom && targetPosition === Position.Top;
  const [path, x, y] = falls
    ? getSmoothStepPath({ ...ends, borderRadius: 8 })
    : getBezierPath({ ...ends, curvature: 0.35 });
  if (!data) return null;
  if (data.fault) {
    return (
      <>
        <BaseEdge
          id={id}
          path={path}
          interactionWidth={16}
          style={{ stroke: 'var(--bad-mark)', strokeWidth: 1.5, strokeDasharray: '5 4' }}
        />
        <Labels
          ends={ends}
          x={x}
          y={y}
          falls={falls}
          above={
            <span className="flex max-w-44 items-start gap-1 whitespace-normal text-bad">
              <CircleX aria-hidden="true" size={11} />
              {data.fault}
            </span>
          }
        />
      </>
    );
  }
  if (!data.deployed || !figures) {
    return (
      <>
        <BaseEdge
          id={id}
          path={path}
          interactionWidth={16}
          style={{ stroke: 'var(--outline)', strokeWidth: 1.2, strokeDasharray: '4 4' }}
        />
        {data.kind === 'changes' && (
          <Labels
            ends={ends}
            x={x}
            y={y}
            falls={falls}
            above={<strong className="font-semibold">changes</strong>}
            below={<span className="text-text-2">{data.deployed ? 'not running' : 'deploy to run'}</span>}
          />
        )}
      </>
    );
  }
  const color =
    stale || figures.gate ? 'var(--outline)' : figures.level === 'HIGH' ? 'var(--bad-mark)' : 'var(--water)';
  const water = 1.5 + Math.min(1, figures.fill) * 5.5;
  const moves = !stale && !figures.gate && figures.perSecond > 0;
  return (
    <>
      <path d={path} fill="none" stroke="var(--line-2)" strokeWidth={9} />
      <path d={path} fill="none" stroke="var(--canvas)" strokeWidth={7} />
      <BaseEdge id={id} path={path} interactionWidth={16} style={{ stroke: color, strokeWidth: water }} />
      {moves && (
        <path
          d={path}
          fill="none"
          stroke={figures.fill > 0.25 ? 'var(--spark)' : 'var(--accent)'}
          strokeWidth={Math.max(1.2, water * 0.35)}
          strokeDasharray="8 16"
          className="channel-dashes"
          style={{ '--flow-s': `${flowSeconds(figures.perSecond)}s` } as React.CSSProperties /* a custom property */}
        />
      )}
      {figures.gate && <Gate x={targetX} y={targetY} falls={falls} />}
      <Labels
        ends={ends}
        x={x}
        y={y}
        falls={falls}
        above={<Above figures={figures} kind={data.kind} />}
        below={<Below figures={figures} stale={stale} />}
      />
    </>
  );
});

/** One dash's way: slower for a trickle, never so fast that it flickers. */
const flowSeconds = (perSecond: number): number =>
  Number(Math.min(6, Math.max(0.5, 4 / Math.log10(perSecond + 1.6))).toFixed(1));

function Gate({ x, y, falls }: { readonly x: number; readonly y: number; readonly falls: boolean }) {
  return falls ? (
    <rect x={x - 9} y={y - 16} width={18} height={3} fill="var(--text-2)" />
  ) : (
    <rect x={x - 16} y={y - 9} width={3} height={18} fill="var(--text-2)" />
  );
}

function Above({ figures, kind }: { readonly figures: ChannelFigures; readonly kind: GraphEdge['kind'] }) {
  return (
    <span className="tabular">
      {kind === 'changes' && <span className="text-text-2">changes </span>}
      <strong className="font-semibold">{formatRate(figures.perSecond)}</strong>
      <span className="text-text-3"> /s</span>
      {figures.fullInMs !== null && (
        <span className="text-text-2">
          , {figures.fullInMs < 1000 ? 'full' : `full in ${formatSpan(figures.fullInMs)}`}
        </span>
      )}
    </span>
  );
}

function Below({ figures, stale }: { readonly figures: ChannelFigures; readonly stale: boolean }) {
  return (
    <>
      {figures.lag !== null && <span className="block text-text-2 tabular">lag {formatCount(figures.lag)}</span>}
      {stale && figures.atMs !== null ? (
        <span className="block text-text-2">at {formatClock(figures.atMs)}</span>
      ) : figures.gate === 'paused' ? (
        <span className="flex items-center gap-1 text-text-2">
          <Pause aria-hidden="true" size={10} />
          Paused
        </span>
      ) : figures.gate === 'restoring' ? (
        <span className="flex items-center gap-1 text-warn">
          <RotateCcw aria-hidden="true" size={10} />
          waits
        </span>
      ) : (
        figures.level !== null && <LevelBars level={figures.level} ratio={figures.ratio} size={11} alert />
      )}
    </>
  );
}

/** Rate above, lag and backpressure below. Where the channel climbs or falls, each on the side that it leaves free: over its upper end, under its lower. */
function Labels({
  ends,
  x,
  y,
  falls,
  above,
  below,
}: {
  readonly ends: {
    readonly sourceX: number;
    readonly sourceY: number;
    readonly targetX: number;
    readonly targetY: number;
  };
  readonly x: number;
  readonly y: number;
  readonly falls: boolean;
  readonly above: ReactNode;
  readonly below?: ReactNode;
}) {
  const { sourceX, sourceY, targetX, targetY } = ends;
  const css = 'nodrag nopan pointer-events-none absolute text-11 leading-[14px] whitespace-nowrap text-text';
  const at = (left: number, top: number, shift: string) => ({ transform: `translate(${left}px, ${top}px) ${shift}` });
  if (falls) {
    return (
      <EdgeLabelRenderer>
        <div
          className={css}
          style={
            targetX > sourceX + 4
              ? at(sourceX - 10, y, 'translate(-100%, -50%)')
              : at(sourceX + 10, y, 'translate(0, -50%)')
          }
        >
          {above}
          <div>{below}</div>
        </div>
      </EdgeLabelRenderer>
    );
  }
  const steep = Math.abs(targetY - sourceY) > 24;
  const climbs = targetY < sourceY;
  const upper = !steep
    ? at(x, y - 10, 'translate(-50%, -100%)')
    : climbs
      ? at(targetX - 8, targetY - 9, 'translate(-100%, -100%)')
      : at(sourceX + 8, sourceY - 9, 'translate(0, -100%)');
  const lower = !steep
    ? at(x, y + 9, 'translate(-50%, 0)')
    : climbs
      ? at(sourceX + 8, sourceY + 9, '')
      : at(targetX - 8, targetY + 9, 'translate(-100%, 0)');
  return (
    <EdgeLabelRenderer>
      <div className={cx(css, !steep && 'text-center')} style={upper}>
        {above}
      </div>
      {below !== undefined && (
        <div className={cx(css, !steep && 'text-center [&>span]:justify-center')} style={lower}>
          {below}
        </div>
      )}
    </EdgeLabelRenderer>
  );
}
