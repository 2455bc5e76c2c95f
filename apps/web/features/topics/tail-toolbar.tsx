'use client';
import type { TailEntity } from '@millrace/protocol';
import { isoTime, isTimeMs } from '@millrace/spec';
import { Filter, Pause, Play, Radio } from 'lucide-react';
import { formatClock, formatCount } from '#lib/format.ts';
import { Button } from '#ui/button.tsx';
import { FieldError } from '#ui/field.tsx';
import { Segmented } from '#ui/segmented.tsx';
import { Select } from '#ui/select.tsx';
import { fieldClass, TextField } from '#ui/text-field.tsx';
import type { Source } from './topic-query.ts';

export interface TailToolbarProps {
  readonly source: Source;
  readonly partition: number | null;
  readonly partitions: number;
  readonly offset: string;
  readonly timeMs: number | null;
  readonly where: string;
  readonly refusal: string | undefined;
  readonly counts: TailEntity | undefined;
  /** Since when; null: not paused. */
  readonly pausedMs: number | null;
  readonly example: string;
  readonly onChange: (change: {
    readonly from?: Source;
    readonly partition?: number | null;
    readonly offset?: string;
    readonly time?: number | null;
    readonly where?: string | null;
  }) => void;
  readonly onTogglePause: () => void;
}

/** `2026-11-22T14:29:08`, as a date field wants it, of the reader's clock; empty where a link brought what is no time. */
const localText = (atMs: number): string => {
  const localMs = atMs - new Date(atMs).getTimezoneOffset() * 60_000;
  return isTimeMs(localMs) ? isoTime(localMs).slice(0, 19) : '';
};

/** Which records: live or from some place in the past, by expression, of one partition. */
export function TailToolbar({
  source,
  partition,
  partitions,
  offset,
  timeMs,
  where,
  refusal,
  counts,
  pausedMs,
  example,
  onChange,
  onTogglePause,
}: TailToolbarProps) {
  const live = source === 'live';
  const judged = counts === undefined ? 0 : counts.seen - counts.filtered;
  // What is new while it is paused still waits to be shown.
  const skipped = counts === undefined ? 0 : counts.skipped - counts.newWhilePaused;
  return (
    <div className="shrink-0 border-y border-line px-4 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="From where"
          value={source}
          onChange={(from) =>
            onChange({ from, ...(from === 'time' && timeMs === null ? { time: Date.now() - 300_000 } : {}) })
          }
          options={[
            {
              value: 'live',
              label: (
                <>
                  <Radio aria-hidden="true" size={13} />
                  Live
                </>
              ),
            },
            { value: 'newest', label: 'Newest' },
            { value: 'beginning', label: 'Beginning' },
            { value: 'offset', label: 'Offset' },
            { value: 'time', label: 'Time' },
          ]}
        />
        {source === 'offset' && (
          <TextField
            mono
            aria-label="Offset"
            inputMode="numeric"
            value={offset}
            onCommit={(next) =>
              onChange({
                offset: /^\d+$/.test(next.replaceAll(',', '').trim()) ? next.replaceAll(',', '').trim() : '0',
              })
            }
            className="w-28"
          />
        )}
        {source === 'time' && (
          <input
            type="datetime-local"
            step={1}
            aria-label="Time"
            value={timeMs === null ? '' : localText(timeMs)}
            onChange={(event) =>
              event.target.value !== '' && onChange({ time: new Date(event.target.value).getTime() })
            }
            className={fieldClass(false, 'w-[190px]!')}
          />
        )}
        <TextField
          mono
          aria-label="Filter records by an expression"
          {...(refusal === undefined ? {} : { 'aria-invalid': true as const, 'aria-describedby': 'tail-refused' })}
          placeholder={example}
          value={where}
          onCommit={(next) => onChange({ where: next.trim() === '' ? null : next })}
          icon={<Filter size={14} />}
          className="w-[270px] shrink"
        />
        {live && where !== '' && counts !== undefined && counts.seen > 0 && (
          <span className="text-12 text-text-3 tabular">{Math.round((judged / counts.seen) * 100)} % pass</span>
        )}
        <Select
          aria-label="Partition"
          value={partition === null ? 'all' : String(partition)}
          options={[
            { value: 'all', label: 'All partitions' },
            ...Array.from({ length: partitions }, (_, at) => ({ value: String(at), label: `Partition ${at}` })),
          ]}
          onChange={(next) => onChange({ partition: next === 'all' ? null : Number(next) })}
          className="w-[130px]!"
        />
        {live && (
          <span className="ml-auto flex items-center gap-3 text-12 text-text-2 tabular">
            {pausedMs !== null && (
              <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
                <Pause aria-hidden="true" size={13} />
                <span className="font-medium text-text">Paused</span> since {formatClock(pausedMs)}
                {skipped > 0 && `, skipped ${formatCount(skipped)} in all`}
              </span>
            )}
            <Button
              variant={pausedMs === null ? 'quiet' : 'primary'}
              icon={pausedMs === null ? <Pause aria-hidden="true" size={14} /> : <Play aria-hidden="true" size={14} />}
              kbd="P"
              aria-keyshortcuts="P"
              onClick={onTogglePause}
            >
              {pausedMs === null
                ? 'Pause'
                : counts !== undefined && counts.newWhilePaused > 0
                  ? `Resume, ${formatCount(counts.newWhilePaused)} new`
                  : 'Resume'}
            </Button>
          </span>
        )}
      </div>
      {refusal !== undefined && <FieldError id="tail-refused" message={refusal} />}
    </div>
  );
}
