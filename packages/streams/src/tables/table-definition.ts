import type { Dataflow, Store } from '@millrace/dataflow';
import { type AggregateFunction, compileExpressionColumns, type Evaluate, fieldsOf, type Table } from '@millrace/spec';
import type { Aggregator } from '../aggregates/aggregator.ts';
import { aggregators } from '../aggregates/aggregators.ts';
import { type Revive, reviver } from '../codecs/revive.ts';
import type { WindowGrid } from '../windows/window-grid.ts';
import { gridOf } from '../windows/windows-of.ts';

/** A table compiled once per deploy; shared by its partitions. */
export interface TableDefinition {
  readonly id: string;
  readonly table: Table;
  readonly changelog: string;
  /** Null: it has no windows that could be over. */
  readonly lateTopic: string | null;
  readonly grid: WindowGrid | undefined;
  readonly columns: readonly TableColumn[];
  /** Slots of an entry's state. */
  readonly width: number;
  /** Names what entries are keyed by: state of another layout cannot be taken over. */
  readonly layout: string;
  /** What makes of a key in the changelog what it was; undefined: it is. */
  readonly reviveKey: Revive | undefined;
}

export interface TableColumn {
  readonly name: string;
  readonly fn: AggregateFunction;
  readonly aggregator: Aggregator;
  /** First of its slots. */
  readonly at: number;
  readonly arg: Evaluate | undefined;
  /** Names its state in the changelog and over versions: the same name and function keep it. */
  readonly stateName: string;
  /** The same for the values that the aggregate holds. */
  readonly revive: Revive | undefined;
}

export const defineTable = (
  { id, table, changelog, layout, lateTopic, folds, rows }: Store,
  models: Dataflow['models'],
): TableDefinition => {
  const results = rows === null ? null : fieldsOf(rows.value, { models });
  const sees = folds === null ? undefined : { ...folds, models };
  let width = 0;
  const columns = Object.entries(table.value).map(([name, { fn, arg }]): TableColumn => {
    const aggregator = aggregators[fn];
    const at = width;
    const result = results?.[name]?.type;
    width += aggregator.width;
    return {
      name,
      fn,
      aggregator,
      at,
      arg: arg === undefined ? undefined : compileExpressionColumns(arg, sees),
      stateName: `${name}:${fn}`,
      revive: result && reviver(result, models),
    };
  });
  const grid = table.window === undefined ? undefined : gridOf(table.window);
  return {
    id,
    table,
    changelog,
    lateTopic,
    grid,
    columns,
    width,
    layout,
    reviveKey: reviver(table.key, models),
  };
};

/**
 * How an entry's slots of one version of a table become those of the next: by name and function. `initial`: what new columns start with.
 * Undefined: they are the same.
 */
export const remapping = (
  from: TableDefinition,
  to: TableDefinition,
  initial: readonly unknown[],
): ((slots: readonly unknown[]) => unknown[]) | undefined => {
  const before = new Map(from.columns.map((column) => [column.stateName, column]));
  const same = from.columns.length === to.columns.length;
  if (same && to.columns.every(({ stateName, at }) => before.get(stateName)?.at === at)) return undefined;
  const moves = to.columns.flatMap(({ stateName, at, aggregator }) => {
    const old = before.get(stateName);
    return old === undefined ? [] : [{ from: old.at, to: at, width: aggregator.width }];
  });
  return (slots) => {
    const next = initial.slice();
    for (const move of moves) for (let i = 0; i < move.width; i++) next[move.to + i] = slots[move.from + i];
    return next;
  };
};
