'use client';
import type { TopicRecord } from '@millrace/protocol';
import { SkipForward, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { flushTable } from '#features/live/flush-table.ts';
import { onRowKey } from '#features/live/row-keys.ts';
import { offsetText, recordText } from '#features/live/value-text.ts';
import { formatBytes, formatClock, formatCount } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';
import type { TailRow } from './tail-rows.ts';
import { asObject, masked, recordId } from './topic-query.ts';

export interface RecordRowsProps {
  readonly label: string;
  readonly rows: readonly TailRow[];
  readonly fields: readonly string[];
  readonly sensitive: ReadonlySet<string>;
  readonly selected: string | null;
  readonly waiting: boolean;
  readonly onSelect: (record: TopicRecord) => void;
}

/** Records, newest first, with a row in the place of those that were left out. */
export function RecordRows({ label, rows, fields, sensitive, selected, waiting, onSelect }: RecordRowsProps) {
  const columns = Math.max(1, fields.length);
  return (
    <DataTable label={label} className={flushTable}>
      <thead>
        <tr>
          <HeadCell className="w-16">Partition</HeadCell>
          <HeadCell numeric className="w-24">
            Offset
          </HeadCell>
          <HeadCell className="w-28">Event time</HeadCell>
          <HeadCell>Key</HeadCell>
          {fields.length === 0 ? (
            <HeadCell>Value</HeadCell>
          ) : (
            fields.map((name) => <HeadCell key={name}>{name}</HeadCell>)
          )}
          <HeadCell numeric>Size</HeadCell>
        </tr>
      </thead>
      <tbody>
        {waiting && (
          <SkeletonRows rows={12} widths={[20, 60, 90, 90, ...Array.from({ length: columns }, () => 80), 40]} />
        )}
        {rows.map((row) =>
          row.kind === 'skipped' ? (
            <Row key={row.id} className="bg-inset hover:bg-inset">
              <Cell colSpan={5 + columns} className="text-12 text-text-2 tabular">
                <span className="inline-flex items-center gap-2">
                  <SkipForward aria-hidden="true" size={13} />
                  Skipped {formatCount(row.count)} records here to keep up; every one was counted and processed
                </span>
              </Cell>
            </Row>
          ) : (
            <RecordRow
              key={recordId(row.record)}
              record={row.record}
              fields={fields}
              sensitive={sensitive}
              selected={recordId(row.record) === selected}
              onSelect={onSelect}
            />
          ),
        )}
      </tbody>
    </DataTable>
  );
}

interface RecordRowProps extends Pick<RecordRowsProps, 'fields' | 'sensitive' | 'onSelect'> {
  readonly record: TopicRecord;
  readonly selected: boolean;
}

const RecordRow = memo(function RecordRow({ record, fields, sensitive, selected, onSelect }: RecordRowProps) {
  const size = formatBytes(record.sizeBytes);
  const value = asObject(record.value);
  return (
    <Row
      selected={selected}
      tabIndex={0}
      onClick={() => onSelect(record)}
      onKeyDown={(event) => onRowKey(event, () => onSelect(record))}
      className="-outline-offset-2"
    >
      <Cell mono className="text-text-2">
        {record.partition}
      </Cell>
      <Cell mono className="text-right text-text-2">
        {offsetText(record.offset)}
      </Cell>
      <Cell mono>{formatClock(record.eventTimeMs ?? record.timestampMs, true)}</Cell>
      <Cell mono className="max-w-[160px] truncate">
        {record.keyText ?? <span className="text-text-3">null</span>}
      </Cell>
      {record.reason !== null ? (
        <Cell colSpan={Math.max(1, fields.length)} className="text-warn">
          <span className="inline-flex items-center gap-1.5">
            <TriangleAlert aria-hidden="true" size={13} />
            <span className="max-w-[520px] truncate">Not decoded: {record.reason}</span>
          </span>
        </Cell>
      ) : record.tombstone ? (
        <Cell colSpan={Math.max(1, fields.length)} className="text-text-3">
          tombstone
        </Cell>
      ) : fields.length === 0 ? (
        <Cell mono className="max-w-[520px] truncate">
          {recordText(record.value)}
        </Cell>
      ) : (
        fields.map((name) => (
          <Cell key={name} mono className={cx('max-w-[220px] truncate', value?.[name] === true && 'text-text-3')}>
            {sensitive.has(name) ? masked : recordText(value?.[name])}
          </Cell>
        ))
      )}
      <Cell numeric className="text-text-3">
        {size.value} {size.unit}
      </Cell>
    </Row>
  );
});
