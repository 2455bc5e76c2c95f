'use client';
import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from 'lucide-react';
import { formatCount } from '#lib/format.ts';
import { IconButton } from '#ui/icon-button.tsx';

export interface PagerProps {
  /** From 0. */
  readonly page: number;
  readonly pageSize: number;
  readonly total: number;
  readonly onPage: (page: number) => void;
}

/** `101–200 of 100,000`, and the ways to the other pages; nothing where one page holds it all. */
export function Pager({ page, pageSize, total, onPage }: PagerProps) {
  if (total <= pageSize && page === 0) return null;
  const last = Math.max(0, Math.ceil(total / pageSize) - 1);
  const first = page * pageSize;
  return (
    <nav
      aria-label="Pages"
      className="flex h-9 shrink-0 items-center justify-end gap-1 border-t border-line px-4 text-12 text-text-2 tabular"
    >
      <span className="mr-2" aria-live="polite">
        {formatCount(Math.min(first + 1, total))}–{formatCount(Math.min(first + pageSize, total))} of{' '}
        {formatCount(total)}
      </span>
      <IconButton
        label="First page"
        icon={<ChevronFirst size={15} />}
        disabled={page === 0}
        onClick={() => onPage(0)}
      />
      <IconButton
        label="Page before"
        icon={<ChevronLeft size={15} />}
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
      />
      <IconButton
        label="Next page"
        icon={<ChevronRight size={15} />}
        disabled={page >= last}
        onClick={() => onPage(page + 1)}
      />
      <IconButton
        label="Last page"
        icon={<ChevronLast size={15} />}
        disabled={page >= last}
        onClick={() => onPage(last)}
      />
    </nav>
  );
}
