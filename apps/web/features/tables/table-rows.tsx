'use client';
import type { RowEntity } from '@millrace/protocol';
import { doubleOf, isExact } from '@millrace/spec';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo } from 'react';
import { flushTable } from '#features/live/flush-table.ts';
import { onRowKey } from '#features/live/row-keys.ts';
import { valueText } from '#features/live/value-text.ts';
import { formatClock, formatSpan } from '#lib/format.ts';
import { cx } from '#ui/cx.ts';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';
import { SkeletonRows } from '#ui/skeleton-rows.tsx';
import { Sparkline } from '#ui/sparkline.tsx';
import type { Column } from './table-query.ts';

export interface TableRowsProps {
  readonly label: string;
  readonly rows: readonly RowEntity[];
  readonly columns: readonly Column[];
  /** Of the key, where the document says what it is. */
  readonly keyName: string | null;
  readonly main: string | null;
  readonly windowed: boolean;
  readonly sort: { readonly column: string; readonly descending: boolean };
  readonly selected: string | null;
  readonly now: number;
  readonly stale: boolean;
  readonly waiting: boolean;
  readonly onSort: (column: string) => void;
  readonly onSelect: (row: RowEntity) => void;
}

/** One page of a table's rows, ticking in place. */
export function TableRows(props: TableRowsProps) {
  const { label, rows, columns, keyName, main, windowed, selected, waiting, now, stale, onSelect } = props;
  const max = main === null ? 0 : rows.reduce((most, row) => Math.max(most, numberOf(row.value[main])), 0);
  return (
    <DataTable label={label} className={flushTable}>
      <thead>
        <tr>
          <SortHead
            {...props}
            column="key"
            title={<>{keyName !== null && <span className="text-text-2">{keyName} </span>}key</>}
          />
          {windowed && <SortHead {...props} column="window" title="Window" />}
          {columns.flatMap(({ name, numeric }) => [
            <SortHead key={name} {...props} column={name} title={name} numeric={numeric} />,
            ...(name === main
              ? [
                  <HeadCell key={`${name}-bar`} className="w-[110px]">
                    <span className="sr-only">{name}, drawn</span>
                  </HeadCell>,
                ]
              : []),
          ])}
          {windowed && main !== null && <HeadCell className="max-wide:hidden">Trend, 30 windows</HeadCell>}
          <SortHead {...props} column="updated" title="Updated" numeric />
        </tr>
      </thead>
      <tbody>
        {waiting && (
          <SkeletonRows
            rows={14}
            widths={[
              100,
              ...(windowed ? [120] : []),
              ...columns.flatMap(({ name }) => (name === main ? [30, 90] : [50])),
              ...(windowed ? [90] : []),
              30,
            ]}
          />
        )}
        {rows.map((row) => (
          <LiveRow
            key={row.id}
            row={row}
            columns={columns}
            main={main}
            max={max}
            windowed={windowed}
            selected={row.keyText === selected}
            now={clockFor(row, now)}
            stale={stale}
            onSelect={onSelect}
          />
        ))}
      </tbody>
    </DataTable>
  );
}

/** The clock as coarse as the age that it gives is said: a row that rests is not drawn again for it. */
function clockFor(row: RowEntity, now: number): number {
  const age = now - row.updatedMs;
  const grain = age < 10_000 ? 250 : age < 90_000 ? 1000 : 30_000;
  return Math.ceil(now / grain) * grain;
}

const numberOf = (value: unknown): number => (isExact(value) ? doubleOf(value) : 0);

function SortHead({
  column,
  title,
  numeric = false,
  sort,
  onSort,
}: Pick<TableRowsProps, 'sort' | 'onSort'> & {
  readonly column: string;
  readonly title: React.ReactNode;
  readonly numeric?: boolean;
}) {
  const sorted = sort.column === column;
  const Arrow = sort.descending ? ArrowDown : ArrowUp;
  return (
    <HeadCell numeric={numeric} aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        onClick={() => onSort(column)}
        className={cx(
          'inline-flex items-center gap-1 rounded-tag hover:text-text',
          sorted && 'font-semibold text-text',
        )}
      >
        {title}
        {sorted && <Arrow aria-hidden="true" size={12} />}
      </button>
    </HeadCell>
  );
}

interface LiveRowProps extends Pick<TableRowsProps, 'columns' | 'main' | 'windowed' | 'now' | 'stale' | 'onSelect'> {
  readonly row: RowEntity;
  readonly max: number;
  readonly selected: boolean;
}

const LiveRow = memo(function LiveRow({
  row,
  columns,
  main,
  max,
  windowed,
  selected,
  now,
  stale,
  onSelect,
}: LiveRowProps) {
  const age = Math.max(0, now - row.updatedMs);
  return (
    <Row
      selected={selected}
      tabIndex={0}
      onClick={() => onSelect(row)}
      onKeyDown={(event) => onRowKey(event, () => onSelect(row))}
      className={cx('-outline-offset-2', stale && 'text-text-3')}
    >
      <Cell mono className="max-w-[260px] truncate" title={row.keyText}>
        {row.keyText}
      </Cell>
      {windowed && (
        <Cell className="text-text-2 tabular">
          {row.windowStartMs !== null &&
            row.windowEndMs !== null &&
            `${formatClock(row.windowStartMs)} – ${formatClock(row.windowEndMs)}`}
        </Cell>
      )}
      {columns.flatMap(({ name, numeric }) => [
        <Cell
          key={name}
          numeric={numeric}
          mono={!numeric}
          className={cx(name === main ? 'font-semibold' : !numeric && 'max-w-[180px] truncate')}
        >
          {valueText(row.value[name])}
        </Cell>,
        ...(name === main
          ? [
              <Cell key={`${name}-bar`}>
                <Bar value={numberOf(row.value[name])} max={max} stale={stale} />
              </Cell>,
            ]
          : []),
      ])}
      {windowed && main !== null && (
        <Cell className="py-0 max-wide:hidden">
          <Sparkline points={row.trend ?? []} width={92} height={18} stale={stale} />
        </Cell>
      )}
      <Cell numeric className={cx(age < 1000 && !stale ? 'font-medium text-accent' : 'text-text-3')}>
        {now > 0 ? formatSpan(age) : ''}
      </Cell>
    </Row>
  );
});

function Bar({ value, max, stale }: { readonly value: number; readonly max: number; readonly stale: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={cx('block h-1.5 rounded-[1px]', stale ? 'bg-outline' : 'bg-water')}
      style={{ width: max <= 0 ? 0 : Math.max(2, Math.round((value / max) * 92)) }}
    />
  );
}
