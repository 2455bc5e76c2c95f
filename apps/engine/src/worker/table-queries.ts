import { compileExpression, ExpressionError, nothingSensitive } from '@millrace/spec';
import type { Clock, TablePartition, TableRow } from '@millrace/streams';
import type { PageResult, PartitionRow, WindowFigures } from '../ipc/from-worker.ts';
import type { PageQuery } from '../ipc/to-worker.ts';
import { rowOrder } from '../queries/row-order.ts';
import { TableMask } from './table-mask.ts';

/** What a filter may take of a worker's time for one page: records and heartbeats wait meanwhile. */
const filterMs = 100;
/** So many rows are filtered between two looks at the clock. */
const rowsPerLook = 32;

/**
 * A page over the partitions of a table that this worker holds; what is sensitive is masked in it, and neither found nor sorted by. A filter looks at as
 * many rows as it has time for.
 */
export function tablePage(
  partitions: readonly TablePartition[],
  asked: PageQuery,
  clock: Clock,
  mask: TableMask = new TableMask(nothingSensitive),
): PageResult {
  const query = mask.query(asked);
  const upTo = query.skip + query.limit;
  const holds = query.where === null ? undefined : predicate(query.where);
  const filter = holds && limited((key, value) => holds(mask.key(key), mask.value(value)), clock);
  let matched = 0;
  const rows = partitions.flatMap((partition) => {
    const page = partition.query({
      windows: query.windows,
      sort: query.sort,
      limit: upTo,
      trend: query.trend,
      ...(query.search === null ? {} : { search: query.search }),
      ...(filter === undefined ? {} : { where: filter.holds }),
    });
    matched += page.matched;
    return partitionRows(partition, page.rows).map((row) => mask.row(row));
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
    partial: filter?.over ?? false,
  };
}

/** A filter that lets nothing through once its time is over. */
function limited(holds: Holds, clock: Clock): { readonly holds: Holds; readonly over: boolean } {
  const untilMs = clock.monotonic() + filterMs;
  let rows = 0;
  let over = false;
  return {
    holds: (key, value) => {
      if (!over && rows++ % rowsPerLook === 0) over = clock.monotonic() >= untilMs;
      return !over && holds(key, value);
    },
    get over() {
      return over;
    },
  };
}

/** All windows of one key, newest first; one row of a plain table. */
export function tableKey(
  partitions: readonly TablePartition[],
  key: unknown,
  mask: TableMask = new TableMask(nothingSensitive),
): PartitionRow[] {
  return partitions.flatMap((partition) => partitionRows(partition, partition.get(key)).map((row) => mask.row(row)));
}

/** The scrubber's windows, oldest first, the partitions added up. */
export function tableWindows(
  partitions: readonly TablePartition[],
  column: string | null,
  mask: TableMask = new TableMask(nothingSensitive),
): WindowFigures[] {
  const shown = column === null || mask.hides(column) ? undefined : column;
  return addUpWindows(partitions.map((partition) => partition.windows(shown)));
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

type Holds = (key: unknown, value: unknown) => boolean;

/** The one compiled last: a page that ticks asks with the same expression again and again. */
let latest: { readonly source: string; readonly holds: Holds } | null = null;

/** A row for which the expression has no value does not match. */
function predicate(source: string): Holds {
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
