'use client';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { useEntities, useEntity, useFreshness } from '#lib/engine-client/index.ts';
import type { Level } from '#ui/level-bars.tsx';
import type { ChannelData } from './edge-data.ts';

export interface ChannelFigures {
  readonly perSecond: number;
  /** Share of the fullest partition's buffer, 0…1. */
  readonly fill: number;
  readonly lag: number | null;
  readonly level: Level | null;
  readonly ratio: number;
  /** HIGH: how long until the buffers are full at this rate, ms. */
  readonly fullInMs: number | null;
  readonly gate: 'paused' | 'restoring' | null;
  readonly atMs: number | null;
}

/** An edge's figures; null while nothing of it runs. Drawn again alone when they change. */
export function useChannelFigures(data: ChannelData | undefined): ChannelFigures | null {
  const { live } = useEditorServices();
  const agent = useEntity(live, 'agent', `agent:${data?.agent ?? ''}`);
  const step = useEntity(live, 'step', `step:${data?.agent ?? ''}/${data?.step ?? ''}`);
  const app = useEntity(live, 'app', `app:${data?.app ?? ''}`);
  const partitions = useEntities(live, 'partition');
  const freshness = useFreshness(live as never); // freshness is the same whatever the entities
  if (!data || !agent) return null;
  const own = partitions.filter((partition) => data.topics.includes(partition.topic));
  const outgoing = data.step !== null;
  const perSecond = outgoing
    ? data.kind === 'state'
      ? (step?.inPerSecond ?? 0)
      : (step?.outPerSecond ?? 0)
    : own.length > 0
      ? own.reduce((sum, partition) => sum + partition.readPerSecond, 0)
      : data.alone
        ? agent.inPerSecond
        : 0;
  const fill = Math.max(0, ...own.map((partition) => partition.buffered / Math.max(1, partition.bufferMax)));
  const room = own.reduce((sum, partition) => sum + Math.max(0, partition.bufferMax - partition.buffered), 0);
  const level = outgoing ? null : agent.level;
  return {
    perSecond,
    fill: own.length > 0 ? fill : Math.min(1, agent.ratio),
    lag: own.length > 0 && !outgoing ? own.reduce((sum, partition) => sum + partition.lag, 0) : null,
    level,
    ratio: agent.ratio,
    fullInMs: level === 'HIGH' && perSecond > 0 && room > 0 ? (room / perSecond) * 1000 : null,
    gate: app?.status === 'paused' ? 'paused' : app?.status === 'restoring' ? 'restoring' : null,
    atMs: freshness.kind === 'live' || freshness.kind === 'stale' ? freshness.atMs : null,
  };
}
