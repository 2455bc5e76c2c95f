'use client';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { cx } from './cx.ts';

export interface RadioListProps<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly { readonly value: T; readonly content: ReactNode }[];
  readonly onChange: (value: T) => void;
  readonly className?: string;
  readonly itemClassName?: string;
  /** Below the options: what is said where there are none. */
  readonly children?: ReactNode;
}

/** One of a list, each with more to say than a word. A radio group: one tab stop, arrows, Home and End choose. */
export function RadioList<T extends string>({
  label,
  value,
  options,
  onChange,
  className,
  itemClassName,
  children,
}: RadioListProps<T>) {
  const group = useRef<HTMLDivElement>(null);
  const chosen = Math.max(
    0,
    options.findIndex((option) => option.value === value),
  );
  const move = (event: KeyboardEvent) => {
    const to = {
      ArrowDown: (chosen + 1) % options.length,
      ArrowRight: (chosen + 1) % options.length,
      ArrowUp: (chosen - 1 + options.length) % options.length,
      ArrowLeft: (chosen - 1 + options.length) % options.length,
      Home: 0,
      End: options.length - 1,
    }[event.key];
    const option = to === undefined ? undefined : options[to];
    if (to === undefined || option === undefined) return;
    event.preventDefault();
    onChange(option.value);
    group.current?.querySelectorAll<HTMLElement>('[role=radio]')[to]?.focus();
  };
  return (
    <div ref={group} role="radiogroup" aria-label={label} onKeyDown={move} className={className}>
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useSemanticElements: what stands in a row makes no radio input; the roving tab stop is kept here
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={index === chosen ? 0 : -1}
          onClick={() => onChange(option.value)}
          className={cx(
            'w-full rounded-control border-l-2 px-3 text-left -outline-offset-2',
            itemClassName,
            option.value === value ? 'border-accent bg-tint' : 'border-transparent hover:bg-hover',
          )}
        >
          {option.content}
        </button>
      ))}
      {children}
    </div>
  );
}
