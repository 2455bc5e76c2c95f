import type { Chain } from '../operators/chain.ts';
import type { RowOrigin, Rows } from '../operators/rows.ts';
import type { ChangesTime } from '../topology/topology.ts';
import { ChangelogWriter } from './changelog-format.ts';
import type { Entry } from './entry.ts';
import type { MemoryTable } from './memory-table.ts';
import { valueOfEntry } from './table-query.ts';

/** Rows are run in chunks of this many, so that closing a large window needs no columns of its size. */
const chunkRows = 4096;

/**
 * Hands a table's changes to the chains that read them, at each flush: with `emit: update` what each changed entry is now, once; with
 * `emit: close` the entries of windows that have closed. An update has its entry's highest event time, a close the last millisecond of its window.
 */
export class ChangeFeed implements ChangesTime {
  readonly #table: MemoryTable;
  readonly #readers: { readonly chain: Chain; readonly target: MemoryTable | undefined }[] = [];
  readonly #writer: ChangelogWriter;
  emittedMs = Number.NEGATIVE_INFINITY;

  constructor(table: MemoryTable) {
    this.#table = table;
    this.#writer = new ChangelogWriter(table.definition, table.partition);
  }

  /** `target`: the table that the chain aggregates into. */
  add(chain: Chain, target: MemoryTable | undefined): void {
    this.#readers.push({ chain, target });
  }

  run(): void {
    const table = this.#table;
    const closed = table.takeClosed();
    const closes = this.#closes;
    const entries = closes ? closed : table.changed();
    for (const { chain, target } of this.#readers) {
      for (let from = 0; from < entries.length; from += chunkRows) {
        this.#load(chain.rows, entries, from, Math.min(entries.length, from + chunkRows), closes);
        chain.run();
      }
      target?.advance(this.timeMs);
    }
    if (entries.length > 0) this.emittedMs = this.timeMs;
  }

  /** No change that is still to come has an event time below this, so that none will be late in a table fed by it (SPEC W7). */
  get timeMs(): number {
    const { grid } = this.#table.definition;
    const watermarkMs = this.#table.streamTimeMs - (grid?.graceMs ?? 0);
    return this.#closes ? watermarkMs : watermarkMs - (grid?.sizeMs ?? 0);
  }

  /** Windows are open that are handed on when the clock closes them. */
  get waiting(): boolean {
    return this.#closes && this.#table.hasUnclosed;
  }

  get #closes(): boolean {
    return this.#table.definition.table.emit === 'close';
  }

  #load(rows: Rows, entries: readonly Entry[], from: number, to: number, closes: boolean): void {
    const { definition } = this.#table;
    const windows: { start: number; end: number }[] = [];
    for (let i = from, row = 0; i < to; i++, row++) {
      const entry = entries[i] as Entry; // within length
      const { window } = entry;
      rows.keys[row] = entry.owner.key;
      rows.values[row] = valueOfEntry(definition, entry);
      rows.timestampsMs[row] = closes && window !== undefined ? window.endMs - 1 : entry.timestampMs;
      // The target's own time stands.
      rows.streamTimesMs[row] = Number.NEGATIVE_INFINITY;
      rows.origins[row] = i;
      if (window !== undefined) windows[row] = { start: window.startMs, end: window.endMs };
    }
    rows.headers = undefined;
    rows.source = undefined;
    rows.windows = definition.grid === undefined ? undefined : windows;
    rows.length = to - from;
    rows.origin = (index) => this.#origin(entries[index] as Entry); // only indices loaded above
  }

  /** A change was read from no topic; it is told as the changelog's record of it, at no offset. */
  #origin(entry: Entry): RowOrigin {
    const { topic, key, value, timestampMs } = this.#writer.entry(entry);
    return { topic, partition: this.#table.partition, offset: -1n, timestampMs, key, value };
  }
}
