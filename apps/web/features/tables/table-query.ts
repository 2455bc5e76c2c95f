import type { PageEntity, RowEntity, TableEntity, WindowsEntity } from '@millrace/protocol';
import { type AppDocument, isExact, type Table } from '@millrace/spec';
import { parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs';

/** Rows of a page. 100 000 keys are 1 000 pages, of which one is ever in the browser. */
export const pageSize = 100;

export const modes = ['window', 'latest', 'open'] as const;
export type Mode = (typeof modes)[number];

/** What a table page shows, as its address says it. */
export const tableParams = {
  q: parseAsString.withDefault(''),
  where: parseAsString.withDefault(''),
  show: parseAsStringLiteral(modes).withDefault('window'),
  /** Start of the chosen window, epoch ms; absent: the one that fills now, and the next one after it. */
  at: parseAsInteger,
  sort: parseAsString.withDefault(''),
  dir: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('desc'),
  page: parseAsInteger.withDefault(0),
  key: parseAsString,
};

/** A column of aggregates; `numeric` ones are to the right and can have bars. */
export interface Column {
  readonly name: string;
  readonly numeric: boolean;
}

const numericFunctions = new Set(['count', 'sum', 'avg', 'distinct', 'min', 'max']);

export const columnsOf = (table: Table | undefined, rows: readonly RowEntity[]): Column[] => {
  const names =
    table === undefined ? [...new Set(rows.flatMap((row) => Object.keys(row.value)))] : Object.keys(table.value);
  return names.map((name) => {
    const seen = rows.find((row) => row.value[name] != null)?.value[name];
    return {
      name,
      numeric: seen === undefined ? numericFunctions.has(table?.value[name]?.fn ?? '') : isExact(seen),
    };
  });
};

/** The column that bars, trend and history are drawn of: the sorted one, else the first that is a number. */
export const mainColumn = (columns: readonly Column[], sort: string): string | null =>
  (columns.find(({ name, numeric }) => numeric && name === sort) ?? columns.find(({ numeric }) => numeric))?.name ??
  null;

/** What a key is, in the words of the step that made it: `group_by: value.ip` → `ip`. */
export function keyName(document: AppDocument | null, table: string): string | null {
  for (const agent of Object.values(document?.agents ?? {})) {
    const at = agent.steps.findIndex((step) => step.op === 'aggregate' && step.table === table);
    const grouping = agent.steps.slice(0, Math.max(0, at)).findLast((step) => step.op === 'group_by');
    if (grouping?.op === 'group_by') return /^value\.(\w+)$/.exec(grouping.key)?.[1] ?? null;
  }
  return null;
}

/** An agent that reads the table's changes and starts with `value.{column} > limit`. */
export function alertAbove(
  document: AppDocument | null,
  table: string,
  column: string,
): { readonly agent: string; readonly limit: number } | null {
  for (const [id, { from, steps }] of Object.entries(document?.agents ?? {})) {
    const [first] = steps;
    if (from.kind !== 'changes' || from.table !== table || first?.op !== 'filter') continue;
    const found = /^value\.(\w+)\s*>=?\s*(\d+(?:\.\d+)?)$/.exec(first.where.trim());
    if (found?.[1] === column) return { agent: id, limit: Number(found[2]) };
  }
  return null;
}

/** The topics whose records end up in the table, as Kafka names them. */
export function sourceTopics(document: AppDocument | null, table: string): string[] {
  const agents = Object.values(document?.agents ?? {}).filter(({ steps }) =>
    steps.some((step) => step.op === 'aggregate' && step.table === table),
  );
  return [
    ...new Set(
      agents.flatMap(({ from }) =>
        from.kind === 'topics' ? from.topics.map((id) => document?.topics[id]?.name ?? id) : [],
      ),
    ),
  ];
}

type WindowSpan = WindowsEntity['windows'][number];

/**
 * The window that fills now and has the most in it: the oldest that ends after stream time. With hopping windows the newest ones hold but
 * their first seconds; this one holds all but its last.
 */
export function fillingWindow(windows: readonly WindowSpan[], streamTimeMs: number | null): WindowSpan | null {
  const newest = windows.at(-1) ?? null;
  return streamTimeMs === null ? newest : (windows.find(({ endMs }) => endMs > streamTimeMs) ?? newest);
}

/** One snapshot of the table channel, as the page draws it. */
export interface TableView {
  readonly rows: readonly RowEntity[];
  readonly page: PageEntity | undefined;
  readonly windows: WindowsEntity | undefined;
  readonly table: TableEntity | undefined;
}
