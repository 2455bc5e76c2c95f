import { compileExpression, ExpressionError } from '@millrace/spec';
import type { TablePartition, TableRow } from '@millrace/streams';
import type { PageResult, PartitionRow, WindowFigures } from '../ipc/from-worker.ts';
import type { PageQuery } from '../ipc/to-worker.ts';
import { rowOrder } from '../queries/row-order.ts';

/** A page over the partitions of a table that this worker holds. */
export function tablePage(partitions: readonly TablePartition[], query: PageQuery): PageResult {
  const upTo = query.skip + query.limit;
  const where = query.where === null ? undefined : predicate(query.where);
  let matched = 0;
  const rows = partitions.flatMap((partition) => {
    const page = partition.query({
      windows: query.windows,
      sort: query.sort,
      limit: upTo,
      trend: query.trend,
      ...(query.search === null ? {} : { search: query.search }),
      ...(where === undefined ? {} : { where }),
    });
    matched += page.matched;
    return partitionRows(partition, page.rows);
  });
  if (partitions.length > 1) rows.sort(rowOrder(query.sort));
  const selected = rows.slice(query.skip, upTo);
  return {
    partitions: partitions.map(({ partition }) => partition),
    rows: query.sortOnly ? selected.map((row) => sortColumnOnly(row, query.sort.column)) : selected,
    matched,
    total: partitions.reduce(
      (total, partition) => total + (query.windows === 'latest' ? partition.stats().keys : partition.stats().entries),
      0,
    ),
  };
}

/** All windows of one key, newest first; one row of a plain table. */
export function tableKey(partitions: readonly TablePartition[], key: unknown): PartitionRow[] {
  return partitions.flatMap((partition) => partitionRows(partition, partition.get(key)));
}

/** The scrubber's windows, oldest first, the partitions added up. */
export function tableWindows(partitions: readonly TablePartition[], column: string | null): WindowFigures[] {
  return addUpWindows(partitions.map((partition) => partition.windows(column ?? undefined)));
}

export function addUpWindows(parts: readonly (readonly WindowFigures[])[]): WindowFigures[] {
  const windows = new Map<number, WindowFigures>();
  for (const { startMs, rows, sum, open } of parts.flat()) {
    const before = windows.get(startMs);
    windows.set(startMs, {
      startMs,
      rows: rows + (before?.rows ?? 0),
      sum: sum + (before?.sum ?? 0),
      open: open || before?.open === true,
    });
  }
  return [...windows.values()].sort((a, b) => a.startMs - b.startMs);
}

function partitionRows(partition: TablePartition, rows: readonly TableRow[]): PartitionRow[] {
  const watermarkMs = partition.stats().watermarkMs ?? Number.NEGATIVE_INFINITY;
  return rows.map((row) => ({
    ...row,
    partition: partition.partition,
    open: row.windowEndMs === undefined || row.windowEndMs > watermarkMs,
  }));
}

const sortColumnOnly = (row: PartitionRow, column: string): PartitionRow => ({
  ...row,
  value: Object.hasOwn(row.value, column) ? { [column]: row.value[column] } : {},
});

/** The one compiled last: a page that ticks asks with the same expression again and again. */
let latest: { readonly source: string; readonly holds: (key: unknown, value: unknown) => boolean } | null = null;

/** A row for which the expression has no value does not match. */
function predicate(source: string): (key: unknown, value: unknown) => boolean {
  if (latest?.source === source) return latest.holds;
  const evaluate = compileExpression(source);
  const holds = (key: unknown, value: unknown): boolean => {
    try {
      return evaluate({ key, value, timeMs: 0 }) === true;
    } catch (error) {
      if (error instanceof ExpressionError) return false;
      throw error;
    }
  };
  latest = { source, holds };
  return holds;
}
