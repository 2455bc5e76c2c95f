'use client';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';

/** A box with its words; the whole line can be clicked. */
export function Checkbox({
  checked,
  onChange,
  children,
  disabled,
}: {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
  readonly disabled?: boolean;
}) {
  return (
    <label className="flex items-start gap-2.5 text-13">
      <span className="relative mt-[3px] inline-flex size-3.5 shrink-0">
        <input
          type="checkbox"
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
          className="peer size-3.5 appearance-none rounded-tag border border-outline bg-inset checked:border-fill checked:bg-fill"
        />
        <Check
          aria-hidden="true"
          size={11}
          strokeWidth={3}
          className="pointer-events-none absolute top-[1.5px] left-[1.5px] hidden text-on-fill peer-checked:block"
        />
      </span>
      <span className="min-w-0">{children}</span>
    </label>
  );
}
