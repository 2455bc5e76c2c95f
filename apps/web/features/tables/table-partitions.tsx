import type { TableEntity } from '@millrace/protocol';
import { Check, RotateCcw } from 'lucide-react';
import { flushTable } from '#features/live/flush-table.ts';
import { formatBytes, formatClock, formatCount, formatSpan } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';

type Partition = TableEntity['partitions'][number];

/** Who holds which partition of the table, and how far it is. */
export function TablePartitions({
  figures,
  stale,
}: {
  readonly figures: TableEntity | undefined;
  readonly stale: boolean;
}) {
  const partitions = figures?.partitions ?? [];
  if (partitions.length === 0) return null;
  const newestMs = Math.max(...partitions.map(({ streamTimeMs }) => streamTimeMs ?? Number.NEGATIVE_INFINITY));
  return (
    <section aria-label="Partitions" className="max-h-[148px] shrink-0 overflow-y-auto border-t border-line">
      <DataTable label="Partitions" className={cx(flushTable, stale && 'text-text-3')}>
        <thead>
          <tr>
            <HeadCell>Partition</HeadCell>
            <HeadCell>Owner</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell numeric>Keys</HeadCell>
            <HeadCell numeric>Entries</HeadCell>
            <HeadCell numeric>Stream time</HeadCell>
            <HeadCell numeric>Behind</HeadCell>
            <HeadCell numeric>Size</HeadCell>
          </tr>
        </thead>
        <tbody>
          {partitions.map((partition) => {
            const size = formatBytes(partition.sizeBytes);
            const behindMs = partition.streamTimeMs === null ? null : newestMs - partition.streamTimeMs;
            return (
              <Row key={partition.partition}>
                <Cell className="tabular">{partition.partition}</Cell>
                <Cell>{partition.worker}</Cell>
                <Cell>
                  <PartitionState partition={partition} />
                </Cell>
                <Cell numeric>{formatCount(partition.keys)}</Cell>
                <Cell numeric>{formatCount(partition.entries)}</Cell>
                <Cell numeric>
                  {partition.streamTimeMs === null ? '–' : formatClock(partition.streamTimeMs, true).slice(0, -2)}
                </Cell>
                <Cell numeric className={cx(behindMs !== null && behindMs > 5000 && 'text-warn')}>
                  {behindMs === null ? '–' : formatSpan(behindMs)}
                </Cell>
                <Cell numeric>
                  {size.value} {size.unit}
                </Cell>
              </Row>
            );
          })}
        </tbody>
      </DataTable>
    </section>
  );
}

function PartitionState({
  partition: { state, restoreDone, restoreTotal, restoreTookMs },
}: {
  readonly partition: Partition;
}) {
  if (state === 'restoring') {
    return (
      <span className="inline-flex items-center gap-1.5 text-warn">
        <RotateCcw aria-hidden="true" size={13} />
        Restoring {Math.floor((restoreDone / Math.max(1, restoreTotal)) * 100)} %
        <span className="text-12 text-text-3 tabular">{formatCount(Math.max(0, restoreTotal - restoreDone))} left</span>
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5">
      <Check aria-hidden="true" size={13} className="text-accent" />
      Restored
      {restoreTookMs !== null && (
        <span className="text-12 text-text-3 tabular">
          {formatCount(restoreTotal)} records in {formatSpan(restoreTookMs)}
        </span>
      )}
    </span>
  );
}
