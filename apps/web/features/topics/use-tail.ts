'use client';
import type { TailEntity, tailChannel } from '@millrace/protocol';
import { useCallback, useEffect, useMemo } from 'react';
import type { z } from 'zod';
import { useThrottled } from '#features/live/use-throttled.ts';
import { engineConnection, type Freshness, useChannel } from '#lib/engine-client/index.ts';
import { SkippedMarks, type TailRow } from './tail-rows.ts';

export interface Tail {
  /** Newest first. */
  readonly rows: readonly TailRow[];
  readonly counts: TailEntity | undefined;
  readonly freshness: Freshness;
}

const nothing = () => () => undefined;

/** A topic's newest records as they come, four times a second. Paused, the engine sends none and goes on counting. Null: nothing is followed. */
export function useTail(request: z.output<typeof tailChannel> | null, paused: boolean): Tail {
  const channel = useChannel(request);
  const key = request === null ? null : JSON.stringify(request);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another channel starts with other marks
  const marks = useMemo(() => new SkippedMarks(), [channel]);
  useEffect(() => {
    if (key === null || channel === null || !paused) return;
    engineConnection().pause(JSON.parse(key), true);
    return () => engineConnection().pause(JSON.parse(key), false);
  }, [key, channel, paused]);
  const subscribe = useCallback((listener: () => void) => channel?.onFreshness(listener) ?? nothing(), [channel]);
  const read = useCallback((): Tail => {
    const records = channel?.list('record').flatMap((entity) => (entity.type === 'record' ? [entity] : [])) ?? [];
    const tail = channel?.get('tail');
    const counts = tail?.type === 'tail' ? tail : undefined;
    marks.note(records, counts);
    return { rows: marks.rows(records), counts, freshness: channel?.freshness ?? { kind: 'waiting' } };
  }, [channel, marks]);
  return useThrottled(subscribe, read);
}
