'use client';

/** On or off, at once. */
export function Switch({
  checked,
  onChange,
  label,
  id,
  disabled,
}: {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly label?: string;
  readonly id?: string;
  readonly disabled?: boolean;
}) {
  return (
    <button
      type="button"
      role="switch"
      id={id}
      aria-checked={checked}
      aria-label={label}
      disabled={disabled}
      onClick={() => onChange(!checked)}
      className="group inline-flex h-4 w-7 shrink-0 items-center rounded-full border border-outline bg-inset p-px aria-checked:border-fill aria-checked:bg-fill disabled:opacity-50"
    >
      <span className="size-3 rounded-full bg-outline transition-transform group-aria-checked:translate-x-[11px] group-aria-checked:bg-on-fill" />
    </button>
  );
}
