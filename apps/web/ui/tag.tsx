import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export type Tone = 'plain' | 'accent' | 'warn' | 'bad';
export const tagTone: Record<Tone, string> = {
  plain: 'border-line-2 text-text-2',
  accent: 'border-tint-line bg-tint text-accent',
  warn: 'border-warn-line bg-warn-tint text-warn',
  bad: 'border-bad-line bg-bad-tint text-bad',
};

/** A word about the thing beside it. */
export function Tag({
  tone = 'plain',
  icon,
  children,
  className,
}: {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <span
      className={cx(
        'inline-flex h-[18px] shrink-0 items-center gap-1 rounded-tag border px-1.5 text-11 font-medium whitespace-nowrap',
        tagTone[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  );
}
