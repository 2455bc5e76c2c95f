'use client';
import { TextField, type TextFieldProps } from './text-field.tsx';

export interface NumberFieldProps
  extends Omit<TextFieldProps, 'value' | 'onChange' | 'onCommit' | 'min' | 'max' | 'step'> {
  readonly value: number;
  /** A number within the bounds, when the person is done. What is no number is taken back. */
  readonly onCommit: (value: number) => void;
  readonly min?: number;
  readonly max?: number;
  /** How far ↑ and ↓ go. Absent: 1. */
  readonly step?: number;
}

/** A number; ↑ and ↓ step it. */
export function NumberField({
  value,
  onCommit,
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
  step = 1,
  ...rest
}: NumberFieldProps) {
  const bounded = (next: number) => Math.min(max, Math.max(min, next));
  return (
    <TextField
      {...rest}
      inputMode="decimal"
      value={String(value)}
      onCommit={(text) => {
        const next = Number(text.replaceAll(',', '').trim());
        if (text.trim() !== '' && Number.isFinite(next)) onCommit(bounded(next));
      }}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        onCommit(bounded(Number((value + (event.key === 'ArrowUp' ? step : -step)).toFixed(6))));
      }}
    />
  );
}
