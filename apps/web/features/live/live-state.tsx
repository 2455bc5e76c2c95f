import { Hourglass, Pause, Radio, Unplug } from 'lucide-react';
import type { Freshness } from '#lib/engine-client/index.ts';
import { formatClock, formatSpan } from '#lib/format.ts';

/** Whether what is on the screen is now: live, paused by the reader, or last seen. */
export function LiveState({
  freshness,
  pausedMs,
  now,
}: {
  readonly freshness: Freshness;
  readonly pausedMs: number | null;
  readonly now: number;
}) {
  const form = 'inline-flex items-center gap-1.5 text-12 whitespace-nowrap tabular max-wide:hidden';
  if (pausedMs !== null) {
    return (
      <span className={`${form} text-text-2`}>
        <Pause aria-hidden="true" size={13} />
        Paused <span className="text-text-3">since {formatClock(pausedMs)}</span>
      </span>
    );
  }
  switch (freshness.kind) {
    case 'live': {
      const age = Math.max(0, now - freshness.atMs);
      return (
        <span className={`${form} text-accent`}>
          <Radio aria-hidden="true" size={14} />
          Live {age > 2000 && now > 0 && <span className="text-text-3">seen {formatSpan(age)} ago</span>}
        </span>
      );
    }
    case 'stale':
      return (
        <span className={`${form} text-warn`}>
          <Unplug aria-hidden="true" size={13} />
          Last seen {formatClock(freshness.atMs)}
        </span>
      );
    case 'waiting':
      return (
        <span className={`${form} text-text-3`}>
          <Hourglass aria-hidden="true" size={13} />
          Waiting for the engine
        </span>
      );
    case 'refused':
      return (
        <span className={`${form} text-warn`}>
          <Unplug aria-hidden="true" size={13} />
          Not live
        </span>
      );
  }
}
