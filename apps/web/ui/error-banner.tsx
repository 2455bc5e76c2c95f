import { TriangleAlert, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export interface ErrorBannerProps {
  /** What failed, in words: `Kafka does not answer`. */
  readonly title: string;
  /** Since when, what was tried, what it means. */
  readonly children?: ReactNode;
  /** Ways out, at the right. */
  readonly actions?: ReactNode;
  readonly tone?: 'bad' | 'warn';
  readonly icon?: 'unplugged' | 'alert';
}

/** A line across the page, above what stays usable. */
export function ErrorBanner({ title, children, actions, tone = 'bad', icon = 'alert' }: ErrorBannerProps) {
  const Icon = icon === 'unplugged' ? Unplug : TriangleAlert;
  return (
    <div
      role="alert"
      className={cx(
        'flex min-h-11 shrink-0 items-center gap-3 border-b px-4 py-1.5',
        tone === 'bad' ? 'border-bad-line bg-bad-tint' : 'border-warn-line bg-warn-tint',
      )}
    >
      <span
        className={cx(
          'flex shrink-0 items-center gap-2 text-13 font-semibold',
          tone === 'bad' ? 'text-bad' : 'text-warn',
        )}
      >
        <Icon aria-hidden="true" size={15} />
        {title}
      </span>
      <span className="min-w-0 flex-1 text-13 text-text-2">{children}</span>
      {actions}
    </div>
  );
}
