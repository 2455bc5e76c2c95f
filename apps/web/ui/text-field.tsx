'use client';
import { type InputHTMLAttributes, type ReactNode, type Ref, useRef, useState } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './kbd.tsx';

export const fieldClass = (invalid: boolean, className?: string): string =>
  cx(
    'h-7 w-full min-w-0 rounded-control border bg-inset px-2 text-13 text-ellipsis text-text outline-none',
    'focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-1 focus-visible:outline-accent disabled:text-text-3',
    invalid ? 'border-bad-mark' : 'border-line-2',
    className,
  );

export interface TextFieldProps
  extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value' | 'defaultValue'> {
  readonly value: string;
  /** Each keystroke. */
  readonly onChange?: (value: string) => void;
  /** When the person is done: Enter or leaving the field with a changed value. Escape takes the value back. */
  readonly onCommit?: (value: string) => void;
  readonly icon?: ReactNode;
  readonly kbd?: string;
  readonly mono?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

/** 28 px, one line. With `onCommit` it keeps what is typed to itself until the person is done. */
export function TextField({
  value,
  onChange,
  onCommit,
  icon,
  kbd,
  mono,
  className,
  onKeyDown,
  onBlur,
  ...rest
}: TextFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const reverting = useRef(false);
  const commit = () => {
    if (typed !== null && typed !== value && !reverting.current) onCommit?.(typed);
    reverting.current = false;
    setTyped(null);
  };
  const input = (
    <input
      {...rest}
      value={onCommit ? (typed ?? value) : value}
      onChange={(event) => {
        if (onCommit) setTyped(event.target.value);
        onChange?.(event.target.value);
      }}
      onBlur={(event) => {
        if (onCommit) commit();
        onBlur?.(event);
      }}
      onKeyDown={(event) => {
        if (onCommit && event.key === 'Enter') commit();
        if (onCommit && event.key === 'Escape' && typed !== null && typed !== value) {
          event.stopPropagation();
          reverting.current = true;
          event.currentTarget.blur();
        }
        onKeyDown?.(event);
      }}
      autoComplete="off"
      spellCheck={false}
      className={fieldClass(
        rest['aria-invalid'] === true,
        cx(
          mono && 'font-mono text-12',
          icon !== undefined && 'pl-7',
          kbd !== undefined && 'pr-8',
          icon === undefined && kbd === undefined && className,
        ),
      )}
    />
  );
  if (icon === undefined && kbd === undefined) return input;
  return (
    <span className={cx('relative inline-flex min-w-0 items-center', className ?? 'w-full')}>
      {icon !== undefined && (
        <span aria-hidden="true" className="pointer-events-none absolute left-2 text-text-3">
          {icon}
        </span>
      )}
      {input}
      {kbd !== undefined && (
        <span className="pointer-events-none absolute right-1.5 flex">
          <Kbd>{kbd}</Kbd>
        </span>
      )}
    </span>
  );
}
