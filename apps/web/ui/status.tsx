import { CircleStop, OctagonX, Pause, PencilLine, RotateCcw, Square } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Wheel } from './wheel.tsx';

export type StatusKind =
  | 'draft'
  | 'starting'
  | 'restoring'
  | 'running'
  | 'paused'
  | 'retrying'
  | 'failed'
  | 'stopping'
  | 'stopped';

const looks: Record<StatusKind, { readonly word: string; readonly className: string; readonly icon: ReactNode }> = {
  draft: {
    word: 'Draft',
    className: 'text-text-2',
    icon: <PencilLine aria-hidden="true" size={13} strokeWidth={1.7} />,
  },
  starting: {
    word: 'Starting',
    className: 'text-warn',
    icon: <RotateCcw aria-hidden="true" size={13} strokeWidth={1.7} />,
  },
  restoring: {
    word: 'Restoring',
    className: 'text-warn',
    icon: <RotateCcw aria-hidden="true" size={13} strokeWidth={1.7} />,
  },
  running: { word: 'Running', className: 'text-accent', icon: <Wheel turning /> },
  paused: { word: 'Paused', className: 'text-text-2', icon: <Pause aria-hidden="true" size={13} strokeWidth={1.7} /> },
  retrying: {
    word: 'Retrying',
    className: 'text-warn',
    icon: <RotateCcw aria-hidden="true" size={13} strokeWidth={1.7} />,
  },
  failed: { word: 'Failed', className: 'text-bad', icon: <OctagonX aria-hidden="true" size={13} strokeWidth={1.7} /> },
  stopping: {
    word: 'Stopping',
    className: 'text-text-2',
    icon: <CircleStop aria-hidden="true" size={13} strokeWidth={1.7} />,
  },
  stopped: {
    word: 'Stopped',
    className: 'text-text-2',
    icon: <Square aria-hidden="true" size={12} strokeWidth={1.7} />,
  },
};

export interface StatusProps {
  readonly status: StatusKind;
  /** After the word: `64 %`, `v12`. */
  readonly detail?: string | undefined;
  /** The figures are the last seen: grey, and the wheel stands. */
  readonly stale?: boolean;
  readonly className?: string;
}

/** Icon, word and colour, always the three. */
export function Status({ status, detail, stale = false, className }: StatusProps) {
  const look = looks[status];
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 whitespace-nowrap text-13',
        stale ? 'text-text-3' : look.className,
        className,
      )}
    >
      {stale && status === 'running' ? <Wheel /> : look.icon}
      <span>
        {look.word}
        {detail !== undefined && ` ${detail}`}
      </span>
    </span>
  );
}
