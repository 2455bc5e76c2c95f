import { TriangleAlert } from 'lucide-react';
import { cx } from './cx.ts';

export type Level = 'OK' | 'LOW' | 'HIGH';
const bars: Record<Level, number> = { OK: 1, LOW: 2, HIGH: 5 };
const words: Record<Level, string> = { OK: 'text-text-2', LOW: 'text-warn', HIGH: 'text-bad' };
const marks: Record<Level, string> = { OK: 'bg-water', LOW: 'bg-warn-mark', HIGH: 'bg-bad-mark' };

/** Backpressure: five bars and the word; the share of time held back, 0…1, in per cent where given. */
export function LevelBars({
  level,
  ratio,
  stale = false,
  size = 13,
  alert = false,
}: {
  readonly level: Level;
  readonly ratio?: number;
  readonly stale?: boolean;
  readonly size?: 11 | 13;
  readonly alert?: boolean;
}) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 whitespace-nowrap tabular',
        size === 11 ? 'text-11' : 'text-12',
        stale ? 'text-text-3' : words[level],
      )}
    >
      {alert && level === 'HIGH' ? (
        <TriangleAlert aria-hidden="true" size={12} />
      ) : (
        <span aria-hidden="true" className="inline-flex gap-px">
          {[0, 1, 2, 3, 4].map((bar) => (
            <span
              key={bar}
              className={cx('h-2.5 w-1', bar < bars[level] ? (stale ? 'bg-outline' : marks[level]) : 'bg-line-2')}
            />
          ))}
        </span>
      )}
      {level}
      {ratio !== undefined && ` ${Math.round(ratio * 100)} %`}
    </span>
  );
}
