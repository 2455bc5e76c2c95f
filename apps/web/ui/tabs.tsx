'use client';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { cx } from './cx.ts';

export interface TabOption<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
}

/** A bar of tabs; the caller renders the panel with `id={`${id}-panel`}`. One tab stop, arrows move. */
export function Tabs<T extends string>({
  id,
  label,
  value,
  options,
  onChange,
  className,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: T | null;
  readonly options: readonly TabOption<T>[];
  readonly onChange: (value: T) => void;
  readonly className?: string;
}) {
  const bar = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const index = Math.max(
      0,
      options.findIndex((option) => option.value === value),
    );
    const next = (index + by + options.length) % options.length;
    const option = options[next];
    if (option) onChange(option.value);
    bar.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <div
      ref={bar}
      role="tablist"
      aria-label={label}
      onKeyDown={move}
      className={cx('flex items-stretch gap-4', className)}
    >
      {options.map((option, index) => {
        const chosen = option.value === value;
        return (
          <button
            key={option.value}
            type="button"
            role="tab"
            id={`${id}-${option.value}`}
            aria-selected={chosen}
            {...(chosen ? { 'aria-controls': `${id}-panel` } : {})}
            tabIndex={chosen || (value === null && index === 0) ? 0 : -1}
            onClick={() => onChange(option.value)}
            className={cx(
              '-mb-px inline-flex items-center gap-2 border-b-2 px-0.5 text-13 whitespace-nowrap',
              chosen ? 'border-accent font-semibold text-text' : 'border-transparent text-text-2 hover:text-text',
            )}
          >
            {option.label}
          </button>
        );
      })}
    </div>
  );
}
