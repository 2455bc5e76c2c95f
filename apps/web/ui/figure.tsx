import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A number and its unit: `1,284 /s`. Tabular, so that a change moves nothing. */
export function Figure({
  value,
  unit,
  size = 13,
  strong = false,
  className,
}: {
  readonly value: ReactNode;
  readonly unit?: ReactNode;
  readonly size?: 11 | 12 | 13 | 15;
  readonly strong?: boolean;
  readonly className?: string;
}) {
  const sizes = { 11: 'text-11', 12: 'text-12', 13: 'text-13', 15: 'text-15 leading-6' } as const;
  return (
    <span className={cx('whitespace-nowrap tabular', sizes[size], className)}>
      <span className={cx('text-text', strong && 'font-semibold')}>{value}</span>
      {unit !== undefined && <span className="text-text-3"> {unit}</span>}
    </span>
  );
}

/** A labelled figure of the strip under a page's bar. */
export function StripFigure({
  label,
  value,
  unit,
  mono = false,
  title,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly unit?: ReactNode;
  readonly mono?: boolean;
  /** What the label has no room for. */
  readonly title?: string;
}) {
  return (
    <div title={title} className="flex min-w-0 shrink-0 flex-col justify-center border-r border-line px-4 py-2">
      <dt className="text-11 text-text-3">{label}</dt>
      <dd
        className={cx(
          'leading-6! font-semibold whitespace-nowrap tabular', // One height, so that all labels stand on one line.
          mono ? 'font-mono text-13' : 'text-15',
        )}
      >
        {value}
        {unit !== undefined && <span className="font-sans text-12 font-normal text-text-3"> {unit}</span>}
      </dd>
    </div>
  );
}
