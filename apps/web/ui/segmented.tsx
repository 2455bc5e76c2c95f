'use client';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { cx } from './cx.ts';

export interface Segment<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
}

export interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Segment<T>[];
  readonly onChange: (value: T) => void;
  readonly className?: string;
}

/** One of a few, all in sight. A radio group: one tab stop, arrows choose. */
export function Segmented<T extends string>({ label, value, options, onChange, className }: SegmentedProps<T>) {
  const group = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const by =
      event.key === 'ArrowRight' || event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowLeft' || event.key === 'ArrowUp'
          ? -1
          : 0;
    if (by === 0) return;
    event.preventDefault();
    const index = options.findIndex((option) => option.value === value);
    const next = (index + by + options.length) % options.length;
    const option = options[next];
    if (option) onChange(option.value);
    group.current?.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus();
  };
  return (
    <div
      ref={group}
      role="radiogroup"
      aria-label={label}
      onKeyDown={move}
      className={cx(
        'inline-flex h-7 items-stretch gap-px rounded-control border border-line-2 bg-inset p-0.5',
        className,
      )}
    >
      {options.map((option) => (
        // biome-ignore lint/a11y/useSemanticElements: a radio input can't carry the segment's form; the roving tab stop is kept here
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
          className="inline-flex items-center gap-1.5 rounded-tag border border-transparent px-2 text-12 whitespace-nowrap text-text-2 hover:text-text aria-checked:border-line-2 aria-checked:bg-active aria-checked:font-medium aria-checked:text-text"
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
