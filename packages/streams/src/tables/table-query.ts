import { compareNumbers, doubleOf, isExact, keyText } from '@millrace/spec';
import { fullestStart, isOpen } from '../windows/window-grid.ts';
import { BoundedHeap } from './bounded-heap.ts';
import type { Entry } from './entry.ts';
import type { TableColumn, TableDefinition } from './table-definition.ts';
import type { TablePage, TablePartition, TableQuery, TableRow } from './table-partition.ts';
import type { TableStore } from './table-store.ts';

const trendWindows = 30;
const scrubberWindows = 240;

/** The aggregates' results, by name. */
export const valueOfEntry = (definition: TableDefinition, entry: Entry): Record<string, unknown> => {
  const value: Record<string, unknown> = {};
  for (const { name, aggregator, at } of definition.columns) value[name] = aggregator.result(entry.slots, at);
  return value;
};

export const rowOf = (definition: TableDefinition, entry: Entry): TableRow => ({
  key: entry.owner.key,
  ...(entry.window === undefined
    ? undefined
    : { windowStartMs: entry.window.startMs, windowEndMs: entry.window.endMs }),
  value: valueOfEntry(definition, entry),
  updatedMs: entry.updatedMs,
});

/**
 * Sorts by an aggregate's name, or by `key`, `window` (its start) or `updated` where no aggregate has that name. Rows without a value come
 * last either way; equals by key, then newest window first. Without a sort, rows come as their keys were first seen.
 */
export const queryTable = (
  store: TableStore,
  definition: TableDefinition,
  streamTimeMs: number,
  query: TableQuery,
): TablePage => {
  const { where, sort, limit } = query;
  const sortValue = sort === undefined ? undefined : sortValueOf(definition, sort.column);
  const heap = sortValue && new BoundedHeap<Ranked>(limit, orderOf(sort?.descending === true));
  const first: Entry[] = [];
  let matched = 0;
  const visit = (entry: Entry): void => {
    if (where !== undefined && !where(entry.owner.key, valueOfEntry(definition, entry))) return;
    matched++;
    if (heap !== undefined && sortValue !== undefined) heap.offer({ entry, by: sortValue(entry) });
    else if (first.length < limit) first.push(entry);
  };
  for (const entry of selected(store, definition, streamTimeMs, query)) visit(entry);
  const entries = heap?.sorted().map(({ entry }) => entry) ?? first;
  const trendOf = query.trend === true ? trendColumn(definition, sort?.column) : undefined;
  const rows = entries.map((entry): TableRow => {
    const row = rowOf(definition, entry);
    return trendOf === undefined ? row : { ...row, trend: trend(entry, trendOf) };
  });
  return { rows, matched };
};

function* selected(
  store: TableStore,
  definition: TableDefinition,
  streamTimeMs: number,
  query: TableQuery,
): Generator<Entry> {
  const { windows } = query;
  const { grid } = definition;
  const search = query.search?.toLowerCase() ?? '';
  const matches = (key: unknown): boolean => search === '' || keyText(key).toLowerCase().includes(search);
  if (grid !== undefined && typeof windows === 'object') {
    const window = store.windows.find(({ startMs }) => startMs === windows.startMs);
    for (const entry of window?.entries ?? []) if (!entry.gone && matches(entry.owner.key)) yield entry;
    return;
  }
  // While stream time is not known, no window has only just begun.
  const known = Number.isFinite(streamTimeMs);
  const fullest = grid === undefined ? 0 : known ? fullestStart(grid, streamTimeMs) : Number.POSITIVE_INFINITY;
  for (const { key, entries } of store.keys.values()) {
    if (!matches(key)) continue;
    if (windows === 'latest') {
      const latest = entries.findLast((entry) => startOf(entry) <= fullest) ?? entries[0];
      if (latest !== undefined) yield latest;
      continue;
    }
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i] as Entry; // within length
      if (grid !== undefined && windows === 'open' && !isOpen(grid, entry.window?.startMs ?? 0, streamTimeMs)) break;
      yield entry;
    }
  }
}

interface Ranked {
  readonly entry: Entry;
  readonly by: unknown;
}

const orderOf =
  (descending: boolean) =>
  (a: Ranked, b: Ranked): number => {
    const nothing = Number(isNothing(a.by)) - Number(isNothing(b.by));
    if (nothing !== 0) return nothing;
    const order = compareValues(a.by, b.by);
    if (order !== 0) return descending ? -order : order;
    return compareValues(keyText(a.entry.owner.key), keyText(b.entry.owner.key)) || startOf(b.entry) - startOf(a.entry);
  };

const isNothing = (value: unknown): boolean => value === null || value === undefined;

/** Numbers by size, everything else by its text. */
const compareValues = (a: unknown, b: unknown): number => {
  if (isExact(a) && isExact(b)) return compareNumbers(a, b);
  const left = keyText(a);
  const right = keyText(b);
  return left < right ? -1 : left > right ? 1 : 0;
};

const startOf = (entry: Entry): number => entry.window?.startMs ?? 0;

const sortValueOf = (definition: TableDefinition, name: string): ((entry: Entry) => unknown) => {
  const column = definition.columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return ({ slots }) => column.aggregator.result(slots, column.at);
  switch (name) {
    case 'key':
      return ({ owner }) => owner.key;
    case 'window':
      return startOf;
    case 'updated':
      return ({ updatedMs }) => updatedMs;
    default:
      return () => null;
  }
};

const numeric = new Set(['count', 'sum', 'avg', 'distinct']);

/** The column asked for, else the first that is a number. */
const trendColumn = (definition: TableDefinition, name: string | undefined): TableColumn | undefined =>
  definition.columns.find((column) => column.name === name) ?? definition.columns.find(({ fn }) => numeric.has(fn));

const trend = (entry: Entry, { aggregator, at }: TableColumn): number[] =>
  entry.owner.entries
    .slice(0, entry.owner.entries.indexOf(entry) + 1)
    .slice(-trendWindows)
    .map(({ slots }) => toNumber(aggregator.result(slots, at)));

const toNumber = (value: unknown): number => (isExact(value) ? doubleOf(value) : 0);

export const windowSums = (
  store: TableStore,
  definition: TableDefinition,
  streamTimeMs: number,
  columnName: string | undefined,
): ReturnType<TablePartition['windows']> => {
  const { grid } = definition;
  if (grid === undefined) return [];
  const column = trendColumn(definition, columnName);
  return store.windows.slice(-scrubberWindows).map(({ startMs, entries, live }) => {
    let sum = 0;
    if (column !== undefined)
      for (const { gone, slots } of entries) if (!gone) sum += toNumber(column.aggregator.result(slots, column.at));
    return { startMs, rows: live, sum, open: isOpen(grid, startMs, streamTimeMs) };
  });
};
