import { compareNumbers, isExact, keyText } from '@millrace/spec';

/** The order of table rows, as a table's own partitions keep it; control merges the pages of workers, and workers those of their partitions, by it. */
export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

interface Sortable {
  readonly key: unknown;
  readonly windowStartMs?: number;
  readonly value: Readonly<Record<string, unknown>>;
  readonly updatedMs: number;
}

/** By an aggregate, or by `key`, `window` (its start) or `updated` where no aggregate has that name; rows without a value last; then by key, then newest window first. */
export function rowOrder({ column, descending }: Sort): (a: Sortable, b: Sortable) => number {
  const read = (row: Sortable): unknown => {
    if (Object.hasOwn(row.value, column)) return row.value[column];
    if (column === 'key') return row.key;
    if (column === 'window') return row.windowStartMs ?? 0;
    return column === 'updated' ? row.updatedMs : null;
  };
  return (a, b) => {
    const left = read(a);
    const right = read(b);
    const nothing = Number(left === null || left === undefined) - Number(right === null || right === undefined);
    if (nothing !== 0) return nothing;
    const order = compareValues(left, right);
    if (order !== 0) return descending ? -order : order;
    return compareValues(keyText(a.key), keyText(b.key)) || (b.windowStartMs ?? 0) - (a.windowStartMs ?? 0);
  };
}

/** Numbers by size, everything else by its text. */
function compareValues(a: unknown, b: unknown): number {
  if (isExact(a) && isExact(b)) return compareNumbers(a, b);
  const left = keyText(a);
  const right = keyText(b);
  return left < right ? -1 : left > right ? 1 : 0;
}
