'use client';
import type { PartitionEntity } from '@millrace/protocol';
import type { NodeProps } from '@xyflow/react';
import { ArrowUpRight, Pause } from 'lucide-react';
import Link from 'next/link';
import { memo } from 'react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { useEntities } from '#lib/engine-client/index.ts';
import { plural } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { headerHeight, lineHeight, widths } from './anatomy.ts';
import { NodeFrame } from './node-frame.tsx';
import { Port } from './port.tsx';
import { eventTimeWords, shortType, spokenDuration } from './words.ts';

/** Key, value and event time; one bar per partition's buffer, the full one named. */
export const TopicNode = memo(function TopicNode({ id, selected }: NodeProps) {
  const topic = useEditor((state) => state.draft.reading?.document.topics[id.slice('topic:'.length)]);
  if (!topic) return null;
  const lines = [
    ['key', shortType(topic.key)],
    ['value', shortType(topic.value)],
    ['time', eventTimeWords(topic)],
  ] as const;
  return (
    <NodeFrame id={id} width={widths.topic} selected={selected}>
      <dl className="py-1">
        {lines.map(([label, words]) => (
          <div key={label} style={{ height: lineHeight }} className="flex items-center justify-between gap-2 px-2.5">
            <dt className="text-text-2">{label}</dt>
            <dd className="truncate font-mono text-text-2" title={words}>
              {words}
            </dd>
          </div>
        ))}
      </dl>
      <TopicFooter name={topic.name} partitions={topic.partitions} retentionMs={topic.retentionMs} />
      <Port id="in" type="target" side="left" top={headerHeight + 4 + lineHeight * 1.5} label={`Into ${topic.name}`} />
      <Port
        id="out"
        type="source"
        side="right"
        top={headerHeight + 4 + lineHeight * 1.5}
        label={`From ${topic.name}`}
      />
    </NodeFrame>
  );
});

function TopicFooter({
  name,
  partitions,
  retentionMs,
}: {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number | undefined;
}) {
  const { live, stale } = useEditorServices();
  const entities = useEntities(live, 'partition').filter((partition) => partition.topic === name);
  const full = entities.find((partition) => partition.paused && partition.buffered > 0);
  return (
    <Link
      draggable={false}
      href={`/topics/${encodeURIComponent(name)}`}
      title={`Open the topic ${name}`}
      className="nodrag group/foot block rounded-b-node border-t border-line px-2.5 py-1.5 -outline-offset-2 hover:bg-hover"
    >
      {entities.length > 0 ? (
        <span aria-hidden="true" className="mb-1 flex gap-1">
          {entities.map((partition) => (
            <BufferBar key={partition.id} partition={partition} stale={stale} />
          ))}
        </span>
      ) : (
        <span className="mb-1 block h-[3px]" />
      )}
      <span className="flex items-center justify-between text-11 text-text-2">
        <span>
          {plural(partitions, 'partition')}
          {retentionMs !== undefined && `, ${retentionMs < 0 ? 'kept for ever' : spokenDuration(retentionMs)}`}
        </span>
        {full ? (
          <span className="flex items-center gap-1 text-warn">
            <Pause aria-hidden="true" size={10} />
            no. {full.partition} full
          </span>
        ) : (
          <ArrowUpRight aria-hidden="true" size={11} className="text-text-3 opacity-0 group-hover/foot:opacity-100" />
        )}
      </span>
    </Link>
  );
}

function BufferBar({ partition, stale }: { readonly partition: PartitionEntity; readonly stale: boolean }) {
  const fill = Math.min(1, partition.buffered / Math.max(1, partition.bufferMax));
  return (
    <span className="h-[3px] flex-1 bg-line-2">
      <span
        className={cx('block h-full', stale ? 'bg-outline' : partition.paused ? 'bg-warn-mark' : 'bg-water')}
        style={{ width: `${Math.max(4, fill * 100)}%` }}
      />
    </span>
  );
}
