'use client';
import { type DocumentPath, formatDuration, parseDuration } from '@millrace/spec';
import { useState } from 'react';
import { spokenDuration } from '#features/canvas/words.ts';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import type { FieldIds } from '#ui/field.tsx';
import { TextField } from '#ui/text-field.tsx';

/** `5 min`, `90s`, `1h 30m` as people write durations, to ms; null for what is none. */
export function readDuration(text: string): number | null {
  return parseDuration(
    text
      .trim()
      .toLowerCase()
      .replaceAll(/\s*(minutes?|mins?)\b/g, 'm')
      .replaceAll(/\s*(seconds?|secs?)\b/g, 's')
      .replaceAll(/\s*(hours?)\b/g, 'h')
      .replaceAll(/\s*(days?)\b/g, 'd'),
  );
}

/** A duration, shown as it is read and written as the document has it. What is none stays, red, until it is one. */
export function DurationField({
  valueMs,
  path,
  ids,
  minMs = 1,
  maxMs = Number.MAX_SAFE_INTEGER,
  width,
  label,
  onChange,
  empty,
}: {
  readonly valueMs: number | undefined;
  readonly path: DocumentPath;
  readonly ids?: FieldIds;
  readonly minMs?: number;
  readonly maxMs?: number;
  readonly width?: string;
  readonly label?: string;
  /** Instead of an edit at the path. */
  readonly onChange?: (ms: number) => void;
  /** Shown where there is no value; emptying the field takes the value out. */
  readonly empty?: string;
}) {
  const { store } = useEditorServices();
  const [refused, setRefused] = useState(false);
  const shown = valueMs === undefined ? '' : spokenDuration(valueMs);
  return (
    <TextField
      {...ids}
      {...(label !== undefined && { 'aria-label': label })}
      {...(refused && { 'aria-invalid': true })}
      data-path={path.join('/')}
      title={
        refused
          ? `Write a duration from ${spokenDuration(minMs)}${maxMs < Number.MAX_SAFE_INTEGER ? ` to ${spokenDuration(maxMs)}` : ''}: 500 ms, 10 s, 5 min, 1 h`
          : undefined
      }
      className={width}
      value={shown}
      placeholder={empty}
      onChange={(text) => setRefused(text.trim() !== '' && !within(readDuration(text), minMs, maxMs))}
      onCommit={(text) => {
        setRefused(false);
        if (text.trim() === '' && empty !== undefined) return store.getState().edit([{ path }]);
        const ms = readDuration(text);
        if (ms === null || !within(ms, minMs, maxMs)) return;
        if (onChange) onChange(ms);
        else store.getState().edit([{ path, value: formatDuration(ms) }]);
      }}
    />
  );
}

const within = (ms: number | null, minMs: number, maxMs: number): boolean => ms !== null && ms >= minMs && ms <= maxMs;
