/** The state of one key, in one window of a windowed table. */
export interface Entry {
  readonly owner: KeyEntries;
  /** Undefined in a plain table. */
  readonly window: WindowEntries | undefined;
  /** The aggregates' states, as `TableDefinition.columns` lays them out. */
  slots: unknown[];
  /** The highest event time folded in. */
  timestampMs: number;
  /** Wall clock of the last update. */
  updatedMs: number;
  /** In the list of entries that the changelog has not seen. */
  dirty: boolean;
  /** Taken out of its table; lists that still hold it pass over it. */
  gone: boolean;
}

/** A key with its entries, oldest window first; a plain table's has one. */
export interface KeyEntries {
  readonly key: unknown;
  /** The key as JSON; empty until the changelog first needs it. */
  keyJson: string;
  readonly entries: Entry[];
}

/** A window with its entries, in the order they came. */
export interface WindowEntries {
  readonly startMs: number;
  readonly endMs: number;
  readonly entries: Entry[];
  /** Entries that are not gone. */
  live: number;
}

export const initialEntry = (owner: KeyEntries, window: WindowEntries | undefined, slots: unknown[]): Entry => ({
  owner,
  window,
  slots,
  timestampMs: Number.NEGATIVE_INFINITY,
  updatedMs: 0,
  dirty: false,
  gone: false,
});
