'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** Beside the title, grey. */
  readonly note?: ReactNode;
  /** Right of the title, before the closing cross. */
  readonly actions?: ReactNode;
  /** Left of the footer; `footer` is on its right. */
  readonly footerNote?: ReactNode;
  readonly footer?: ReactNode;
  readonly width?: number;
  readonly initialFocus?: RefObject<HTMLElement | null>;
  /** Keys pressed anywhere in it, its bars included. */
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}

/** Focus is kept inside, Escape closes, what is under it rests. */
export function Dialog({
  open,
  onClose,
  title,
  note,
  actions,
  footerNote,
  footer,
  width = 560,
  initialFocus,
  onKeyDown,
  children,
}: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          {...(initialFocus === undefined ? {} : { initialFocus })}
          {...(onKeyDown === undefined ? {} : { onKeyDown })}
          style={{ width }}
          className="fixed top-1/2 left-1/2 z-40 flex max-h-[calc(100dvh-48px)] max-w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-node border border-line-2 bg-surface shadow-over outline-none"
        >
          <header className="flex min-h-[54px] shrink-0 items-center gap-3 border-b border-line py-2 pr-3 pl-5">
            <Base.Title className="text-18 font-semibold">{title}</Base.Title>
            {note !== undefined && <span className="min-w-0 truncate pt-1 text-12 text-text-3">{note}</span>}
            <span className="ml-auto flex items-center gap-2">
              {actions}
              <Base.Close render={<IconButton label="Close" title="Close (Esc)" icon={<X size={16} />} />} />
            </span>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
          {(footer !== undefined || footerNote !== undefined) && (
            <footer
              className={cx('flex min-h-[54px] shrink-0 items-center gap-2 border-t border-line bg-bg px-5 py-2')}
            >
              <span className="mr-auto min-w-0 text-12 text-text-2">{footerNote}</span>
              {footer}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
