'use client';
import { Copy, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from '#ui/icon-button.tsx';

export interface SidePanelProps {
  readonly label: string;
  readonly title: ReactNode;
  /** What *Copy* puts into the clipboard. */
  readonly copy: { readonly label: string; readonly text: string };
  readonly onClose: () => void;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

/** One chosen thing beside the list that it was chosen in; below 1180 px it lies over the list. Escape closes it. */
export function SidePanel({ label, title, copy, onClose, footer, children }: SidePanelProps) {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      const inDialog = event.target instanceof Element && event.target.closest('[role=dialog]') !== null;
      if (!typing && !inDialog) close.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <aside
      aria-label={label}
      className="flex w-[420px] shrink-0 flex-col border-l border-line bg-surface max-wide:absolute max-wide:inset-y-0 max-wide:right-0 max-wide:z-20 max-wide:w-[400px] max-wide:shadow-over"
    >
      <header className="flex min-h-11 shrink-0 items-center gap-2 pr-2 pl-4">
        <h2 className="flex min-w-0 flex-1 items-center gap-2 truncate text-13 font-semibold">{title}</h2>
        <IconButton
          label={copy.label}
          icon={<Copy size={14} />}
          onClick={() => void navigator.clipboard.writeText(copy.text)}
        />
        <IconButton label="Close" title="Close (Esc)" icon={<X size={15} />} onClick={onClose} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
      {footer !== undefined && (
        <footer className="flex min-h-10 shrink-0 items-center justify-between gap-3 border-t border-line px-4 text-12 text-text-3">
          {footer}
        </footer>
      )}
    </aside>
  );
}
