'use client';
import type { NodeProps } from '@xyflow/react';
import { ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import { memo } from 'react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { useNow } from '#features/shell/health-banners.tsx';
import { useEntity, useEntityValue } from '#lib/engine-client/index.ts';
import { formatBytes, formatClock, formatCount, formatSpan, plural } from '#lib/format.ts';
import { headerHeight, widths } from './anatomy.ts';
import { NodeFrame } from './node-frame.tsx';
import { Port } from './port.tsx';
import { WindowDrawing } from './window-drawing.tsx';
import { aggregateWords, shortType, spokenDuration, windowWords } from './words.ts';

/** Key and freshness, its windows drawn, its aggregates, and how much it holds. */
export const TableNode = memo(function TableNode({ id, selected }: NodeProps) {
  const name = id.slice('table:'.length);
  const table = useEditor((state) => state.draft.reading?.document.tables[name]);
  const { stale } = useEditorServices();
  if (!table) return null;
  return (
    <NodeFrame id={id} width={widths.table} selected={selected}>
      <div className="flex h-[30px] items-center justify-between gap-2 border-b border-line px-2.5">
        <span className="truncate">
          <span className="text-text-2">key </span>
          <span className="font-mono">{shortType(table.key)}</span>
        </span>
        <Freshness table={name} />
      </div>
      {table.window && (
        <div className="h-[58px] border-b border-line px-2.5 pt-2">
          <WindowDrawing window={table.window} width={widths.table - 22} stale={stale} />
          <p className="mt-1 flex justify-between text-11 text-text-2">
            <span>{windowWords(table.window)}</span>
            <span>grace {spokenDuration(table.window.graceMs)}</span>
          </p>
        </div>
      )}
      <dl className="py-[5px]">
        {Object.entries(table.value).map(([aggregate, fold]) => (
          <div key={aggregate} className="flex h-[22px] items-center justify-between gap-3 px-2.5 font-mono">
            <dt className="max-w-[70%] shrink-0 truncate font-medium" title={aggregate}>
              {aggregate}
            </dt>
            <dd className="min-w-0 truncate text-text-2" title={aggregateWords(fold)}>
              {aggregateWords(fold)}
            </dd>
          </div>
        ))}
      </dl>
      <TableFooter table={name} />
      <Port id="in" type="target" side="left" top={headerHeight + 15} label={`Into ${name}`} />
      <Port id="changes" type="source" side="bottom" label={`Changes of ${name}`} />
    </NodeFrame>
  );
});

function Freshness({ table }: { readonly table: string }) {
  const { live, stale } = useEditorServices();
  const updatedMs = useEntityValue(live, 'table', `table:${table}`, (entity) => entity.lastUpdateMs);
  const now = useNow(500);
  if (updatedMs == null || now === 0) return null;
  const age = Math.max(0, now - updatedMs);
  return (
    <span className={stale || age >= 1000 ? 'shrink-0 text-text-3 tabular' : 'shrink-0 text-accent tabular'}>
      {stale ? formatClock(updatedMs) : `${formatSpan(age)} ago`}
    </span>
  );
}

function TableFooter({ table }: { readonly table: string }) {
  const { live, store } = useEditorServices();
  const entity = useEntity(live, 'table', `table:${table}`);
  const size = entity && formatBytes(entity.sizeBytes);
  const restoring = entity?.partitions.filter((partition) => partition.state === 'restoring') ?? [];
  const done = restoring.reduce((sum, partition) => sum + partition.restoreDone, 0);
  const total = restoring.reduce((sum, partition) => sum + partition.restoreTotal, 0);
  return (
    <Link
      draggable={false}
      href={`/apps/${store.getState().app}/tables/${table}`}
      title={`Open the live rows of ${table}`}
      className="nodrag flex h-[30px] items-center justify-between gap-2 rounded-b-node border-t border-line px-2.5 text-11 -outline-offset-2 hover:bg-hover"
    >
      {restoring.length > 0 ? (
        <span className="text-warn tabular">Restoring {total > 0 ? Math.floor((done / total) * 100) : 0} %</span>
      ) : entity && size ? (
        <>
          <span className="whitespace-nowrap tabular">{plural(entity.keys, 'key')}</span>
          <span className="whitespace-nowrap text-text-2 tabular">
            {formatCount(entity.entries)} {entity.entries === 1 ? 'entry' : 'entries'}
          </span>
          <span className="whitespace-nowrap text-text-2 tabular">
            {size.value} {size.unit}
          </span>
        </>
      ) : (
        <span className="text-text-3">no rows yet</span>
      )}
      <ArrowUpRight aria-hidden="true" size={13} className="shrink-0 text-accent" />
    </Link>
  );
}
