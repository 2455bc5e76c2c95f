import type { Table } from '@millrace/spec';
import { tableLayout } from '../table-layout.ts';

export interface TableCompatibility {
  /** False: the layout differs, and the table starts empty. */
  readonly kept: boolean;
  /** Aggregates of the new table that keep their values, by name. */
  readonly keptAggregates: readonly string[];
  /** New ones: they start at their initial value, for keys that are there already, too. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Of the same name, but with another function: what they held is lost. */
  readonly restarted: readonly string[];
}

/**
 * What becomes of a table's state in a new version. The layout must stay the same; then an aggregate of the same name and function keeps its
 * values, even when its argument changes (from then on the new one counts). Grace, retention and emission don't matter.
 */
export function tableCompatibility(from: Table, to: Table): TableCompatibility {
  const names = Object.keys(to.value);
  const had = (name: string): boolean => Object.hasOwn(from.value, name);
  const sameFunction = (name: string): boolean => had(name) && from.value[name]?.fn === to.value[name]?.fn;
  return {
    kept: tableLayout(from) === tableLayout(to),
    keptAggregates: names.filter(sameFunction),
    added: names.filter((name) => !had(name)),
    removed: Object.keys(from.value).filter((name) => !Object.hasOwn(to.value, name)),
    restarted: names.filter((name) => had(name) && !sameFunction(name)),
  };
}
