'use client';
import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import { cx } from './cx.ts';

export interface SelectOption<T extends string = string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

export interface SelectProps<T extends string> {
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  readonly onChange: (value: T) => void;
  readonly id?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-describedby'?: string | undefined;
  readonly 'aria-invalid'?: true | undefined;
  readonly mono?: boolean;
  readonly disabled?: boolean;
  readonly placeholder?: string;
  readonly className?: string;
}

/** One of several; a hint stands grey beside an option. */
export function Select<T extends string>({
  value,
  options,
  onChange,
  mono,
  disabled,
  placeholder,
  className,
  ...rest
}: SelectProps<T>) {
  const shown =
    options.find((option) => option.value === value)?.label ?? (value === '' ? (placeholder ?? 'choose') : value);
  return (
    <Base.Root value={value} onValueChange={(next) => next !== null && onChange(next)} disabled={disabled ?? false}>
      <Base.Trigger
        {...rest}
        className={cx(
          'inline-flex h-7 w-full min-w-0 items-center justify-between gap-2 rounded-control border bg-inset px-2 text-left text-13 text-text hover:bg-hover disabled:text-text-3 data-popup-open:border-accent',
          rest['aria-invalid'] ? 'border-bad-mark' : 'border-line-2',
          mono && 'font-mono text-12',
          className,
        )}
      >
        <span className={cx('truncate', value === '' && 'text-text-3')}>{shown}</span>
        <ChevronDown aria-hidden="true" size={14} className="shrink-0 text-text-3" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className="max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto rounded-node border border-line-2 bg-raised py-1 shadow-over outline-none">
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                className={cx(
                  'flex h-7 items-center gap-2 pr-3 pl-2 text-13 text-text outline-none data-highlighted:bg-hover',
                  mono && 'font-mono text-12',
                )}
              >
                <span className="w-4">
                  <Base.ItemIndicator>
                    <Check aria-hidden="true" size={14} className="text-accent" />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText>{option.label}</Base.ItemText>
                {option.hint !== undefined && (
                  <span className="ml-auto pl-4 font-sans text-11 text-text-3">{option.hint}</span>
                )}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
