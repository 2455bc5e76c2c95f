import { cx } from './cx.ts';

export interface SparklineProps {
  /** Oldest first. Fewer than two points draw the rest line. */
  readonly points: readonly number[];
  readonly width?: number;
  readonly height?: number;
  readonly tone?: 'water' | 'warn';
  readonly stale?: boolean;
  readonly className?: string;
}

/** A line over a pale fill, scaled from zero so that two rows' heights can be told apart from noise. Decoration: the figure beside it says the value. */
export function Sparkline({
  points,
  width = 110,
  height = 22,
  tone = 'water',
  stale = false,
  className,
}: SparklineProps) {
  const max = Math.max(...points, 0);
  const flat = points.length < 2 || max <= 0;
  const x = (index: number) => (index / (points.length - 1)) * width;
  const y = (value: number) => height - 2 - (value / (max * 1.15)) * (height - 4);
  const line = flat
    ? `M0 ${height - 2}H${width}`
    : points.map((point, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(point).toFixed(1)}`).join('');
  return (
    <svg
      aria-hidden="true"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={cx(
        'block shrink-0',
        flat || stale ? 'text-outline' : tone === 'warn' ? 'text-warn-mark' : 'text-water',
        className,
      )}
    >
      {!flat && (
        <path
          d={`${line}L${width} ${height}L0 ${height}Z`}
          className={tone === 'warn' ? 'fill-warn-tint' : 'fill-spark'}
        />
      )}
      <path d={line} fill="none" stroke="currentColor" strokeWidth="1.2" strokeLinejoin="round" />
    </svg>
  );
}
