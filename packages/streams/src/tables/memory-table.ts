import type { Window } from '@millrace/spec';
import type { Clock } from '../clock.ts';
import type { ProducedRecord, RecordBatch } from '../transport/record.ts';
import { newestStart } from '../windows/window-grid.ts';
import { ChangelogWriter, entryKeyText, readChangelog, timeKey } from './changelog-format.ts';
import type { Entry, KeyEntries } from './entry.ts';
import { remapping, type TableDefinition } from './table-definition.ts';
import type { TablePage, TablePartition, TableQuery, TableRow, TableStats } from './table-partition.ts';
import { queryTable, rowOf, windowSums } from './table-query.ts';
import { TableStore } from './table-store.ts';

/** A table's partition held in memory, backed by its changelog. */
export class MemoryTable implements TablePartition {
  readonly table: string;
  readonly partition: number;
  readonly window: Window | undefined;
  readonly changelog: string;
  readonly definition: TableDefinition;
  readonly #clock: Clock;
  readonly #writer: ChangelogWriter;
  /** Copied for each new entry. */
  readonly #initial: readonly unknown[];
  /** A lone `count()` is added to without a call. */
  readonly #countsOnly: boolean;
  #store: TableStore;
  #streamTimeMs = Number.NEGATIVE_INFINITY;
  /** Windows that end up to here have been emitted as closed. */
  #emittedToMs = Number.NEGATIVE_INFINITY;
  #writtenTimeMs = Number.NEGATIVE_INFINITY;
  #dirty: Entry[] = [];
  /** Key texts to be deleted from the changelog. */
  #tombstones: string[] = [];
  /** Key texts of another layout found by the restore, to be deleted too. */
  #foreign = new Set<string>();
  #ignored = 0;
  #updates = 0;
  #late = 0;
  #nowMs = 0;
  /** Of the last `apply`: how many windows took it. */
  lastAccepted = 0;
  /** Of the last `apply`: the starts of the windows that were closed to it, newest first. Overwritten by the next. */
  readonly lastRefused: number[] = [];

  constructor(definition: TableDefinition, partition: number, clock: Clock) {
    this.table = definition.id;
    this.partition = partition;
    this.window = definition.table.window;
    this.changelog = definition.changelog;
    this.definition = definition;
    this.#clock = clock;
    this.#writer = new ChangelogWriter(definition, partition);
    this.#store = new TableStore(definition.grid?.sizeMs ?? 0);
    const initial: unknown[] = [];
    for (const { aggregator, at } of definition.columns) aggregator.initial(initial, at);
    this.#initial = initial;
    const [only] = definition.columns;
    this.#countsOnly = definition.columns.length === 1 && only?.fn === 'count' && only.arg === undefined;
  }

  /** The highest time that this table knows of; −Infinity before any. */
  get streamTimeMs(): number {
    return this.#streamTimeMs;
  }

  /** Stream time minus grace: windows that end up to here are closed. Null before any event. */
  get watermarkMs(): number | null {
    return Number.isFinite(this.#streamTimeMs) ? this.#streamTimeMs - (this.definition.grid?.graceMs ?? 0) : null;
  }

  /** Reads the clock once for all updates of a batch. */
  beginBatch(): void {
    this.#nowMs = this.#clock.now();
  }

  /**
   * Folds an event into its key's entries and moves the table's time on to `streamTimeMs`. `args`: the aggregates' arguments, in their order.
   * Returns how many of the event's windows were closed already; `lastRefused` names them.
   * @throws Error for a null key
   */
  apply(key: unknown, timestampMs: number, streamTimeMs: number, args: readonly unknown[]): number {
    if (key === null || key === undefined) throw new Error(`the key is null: ${this.table} needs one`);
    if (streamTimeMs > this.#streamTimeMs) this.#streamTimeMs = streamTimeMs;
    this.#updates++;
    const { grid } = this.definition;
    if (this.lastRefused.length > 0) this.lastRefused.length = 0;
    if (grid === undefined) {
      const owner = this.#store.owner(key);
      this.#fold(owner.entries[0] ?? this.#store.insert(owner, 0, undefined, this.#initial.slice()), timestampMs, args);
      this.lastAccepted = 1;
      return 0;
    }
    const { sizeMs, stepMs, graceMs } = grid;
    const closedUpTo = this.#streamTimeMs - graceMs - sizeMs;
    let accepted = 0;
    let owner: KeyEntries | undefined;
    let place = 0;
    for (let start = newestStart(grid, timestampMs); start + sizeMs > timestampMs; start -= stepMs) {
      if (start <= closedUpTo) {
        this.lastRefused.push(start);
        continue;
      }
      if (owner === undefined) {
        owner = this.#store.owner(key);
        place = owner.entries.length;
      }
      const { entries } = owner;
      while (place > 0 && startOf(entries[place - 1]) > start) place--;
      let entry = entries[place - 1];
      if (entry !== undefined && startOf(entry) === start) place--;
      else entry = this.#store.insert(owner, place, start, this.#initial.slice());
      this.#fold(entry, timestampMs, args);
      accepted++;
    }
    this.lastAccepted = accepted;
    const refused = this.lastRefused.length;
    if (refused > 0) this.#late++;
    return refused;
  }

  #fold(entry: Entry, timestampMs: number, args: readonly unknown[]): void {
    const { slots } = entry;
    if (this.#countsOnly) {
      slots[0] = (slots[0] as number) + 1; // a count's only slot
    } else {
      const { columns } = this.definition;
      for (let i = 0; i < columns.length; i++) {
        const column = columns[i];
        const value = args[i];
        if (column !== undefined && value !== null && value !== undefined) {
          column.aggregator.update(slots, column.at, value, timestampMs);
        }
      }
    }
    if (timestampMs > entry.timestampMs) entry.timestampMs = timestampMs;
    entry.updatedMs = this.#nowMs;
    if (!entry.dirty) {
      entry.dirty = true;
      this.#dirty.push(entry);
    }
  }

  /** Moves the table's time on; never back. */
  advance(streamTimeMs: number): void {
    if (streamTimeMs > this.#streamTimeMs) this.#streamTimeMs = streamTimeMs;
  }

  /** Entries that changed since the last `takeChangelog`, in the order of their first change. */
  changed(): readonly Entry[] {
    return this.#dirty.filter((entry) => !entry.gone);
  }

  /** Entries of the windows that closed since the last call, oldest window first; each window once, also over restarts and swaps. */
  takeClosed(): Entry[] {
    const watermarkMs = this.watermarkMs;
    if (watermarkMs === null || watermarkMs <= this.#emittedToMs) return [];
    const closed: Entry[] = [];
    for (const { endMs, entries } of this.#store.windows) {
      if (endMs > watermarkMs) break;
      if (endMs > this.#emittedToMs) for (const entry of entries) if (!entry.gone) closed.push(entry);
    }
    this.#emittedToMs = watermarkMs;
    return closed;
  }

  /** Some window has not closed yet, or has not been taken as closed. */
  get hasUnclosed(): boolean {
    const newest = this.#store.windows.at(-1);
    return newest !== undefined && newest.endMs > this.#emittedToMs;
  }

  /** Forgets the windows that have been kept long enough. */
  expire(): void {
    const { grid } = this.definition;
    if (grid === undefined) return;
    const forgottenUpTo = this.#streamTimeMs - grid.graceMs - grid.keepMs;
    for (
      let window = this.#store.windows[0];
      window !== undefined && window.endMs <= forgottenUpTo;
      window = this.#store.windows[0]
    ) {
      for (const entry of window.entries) {
        if (entry.gone) continue;
        this.#tombstones.push(entryKeyText(entry));
        this.#store.remove(entry);
      }
    }
  }

  get hasWindows(): boolean {
    return this.#store.windows.length > 0;
  }

  /** Entries have changed, or a window is to be handed on as closed, or to be forgotten. */
  get flushDue(): boolean {
    if (this.#dirty.length > 0 || this.#tombstones.length > 0 || this.#foreign.size > 0) return true;
    const { grid } = this.definition;
    const oldest = this.#store.windows[0];
    if (grid === undefined || oldest === undefined) return false;
    if (oldest.endMs <= this.#streamTimeMs - grid.graceMs - grid.keepMs || this.#closedSinceWritten()) return true;
    const closedUpTo = this.#streamTimeMs - grid.graceMs;
    return this.#store.windows.some(({ endMs }) => endMs > this.#emittedToMs && endMs <= closedUpTo);
  }

  /** The stream time at which the next window closes or is forgotten, ms; Infinity: there is none. */
  get dueAtMs(): number {
    const { grid } = this.definition;
    const { windows } = this.#store;
    const oldest = windows[0];
    if (grid === undefined || oldest === undefined) return Number.POSITIVE_INFINITY;
    const closedUpTo = this.#streamTimeMs - grid.graceMs;
    const open = windows.find(({ endMs }) => endMs > closedUpTo);
    return grid.graceMs + Math.min(oldest.endMs + grid.keepMs, open?.endMs ?? Number.POSITIVE_INFINITY);
  }

  takeChangelog(): ProducedRecord[] {
    const records: ProducedRecord[] = [];
    const deletedMs = Number.isFinite(this.#streamTimeMs) ? this.#streamTimeMs : 0;
    for (const keyText of this.#foreign) records.push(this.#writer.tombstone(keyText, deletedMs));
    for (const keyText of this.#tombstones) records.push(this.#writer.tombstone(keyText, deletedMs));
    for (const entry of this.#dirty) {
      entry.dirty = false;
      if (!entry.gone) records.push(this.#writer.entry(entry));
    }
    this.#foreign.clear();
    this.#tombstones = [];
    this.#dirty = [];
    if (this.#streamTimeMs > this.#writtenTimeMs && (records.length > 0 || this.#closedSinceWritten())) {
      // Last: a time that is known says that all before it is known too.
      records.push(this.#writer.time(this.#streamTimeMs, this.#emittedToMs));
      this.#writtenTimeMs = this.#streamTimeMs;
    }
    return records;
  }

  /** Some window that holds anything has closed since the time was written: it must stay closed. Else a time that only passes is not worth a record. */
  #closedSinceWritten(): boolean {
    const { grid } = this.definition;
    if (grid === undefined) return false;
    const [fromMs, toMs] = [this.#writtenTimeMs - grid.graceMs, this.#streamTimeMs - grid.graceMs];
    for (const { endMs } of this.#store.windows) {
      if (endMs > toMs) return false;
      if (endMs > fromMs) return true;
    }
    return false;
  }

  restore(batch: RecordBatch): void {
    const { columns } = this.definition;
    for (const consumed of batch.records) {
      const record = readChangelog(consumed, this.definition);
      switch (record.kind) {
        case 'entry': {
          const keyText = consumed.key?.toString() ?? '';
          this.#foreign.delete(keyText);
          const entry = this.#store.find(record.key, record.startMs) ?? this.#place(record.key, record.startMs);
          const slots = this.#initial.slice();
          for (const { stateName, aggregator, at, revive } of columns) {
            const state = record.states[stateName];
            if (state !== undefined) aggregator.fromJson(slots, at, state, revive);
          }
          entry.slots = slots;
          entry.timestampMs = record.timestampMs;
          entry.updatedMs = record.updatedMs;
          if (entryKeyText(entry) !== keyText) this.#rewrite(entry, keyText);
          break;
        }
        case 'tombstone': {
          this.#foreign.delete(record.keyText);
          const entry = this.#store.find(record.key, record.startMs);
          if (entry !== undefined) this.#store.remove(entry);
          break;
        }
        case 'time':
          this.#foreign.delete(timeKey);
          this.advance(record.streamTimeMs);
          this.#emittedToMs = Math.max(this.#emittedToMs, record.emittedToMs);
          this.#writtenTimeMs = this.#streamTimeMs;
          break;
        case 'foreign':
          this.#ignored++;
          this.#foreign.add(record.keyText);
          break;
      }
    }
  }

  /** An entry found under another text of its key than the canonical one, as older versions wrote it: it is written anew, and that one deleted. */
  #rewrite(entry: Entry, keyText: string): void {
    this.#foreign.add(keyText);
    if (entry.dirty) return;
    entry.dirty = true;
    this.#dirty.push(entry);
  }

  /** A new entry among those of its key, in order. */
  #place(key: unknown, startMs: number | undefined): Entry {
    const owner = this.#store.owner(key);
    let place = owner.entries.length;
    while (startMs !== undefined && place > 0 && startOf(owner.entries[place - 1]) > startMs) place--;
    return this.#store.insert(owner, place, startMs, this.#initial.slice());
  }

  /**
   * Takes over the state of this table's older version, which must not be used afterwards. Aggregates of the same name and function keep their
   * state, new ones start empty. Where the entries are keyed otherwise, nothing is kept and the old ones are deleted from the changelog.
   */
  adopt(old: MemoryTable): void {
    this.#streamTimeMs = old.#streamTimeMs;
    this.#tombstones = old.#tombstones;
    this.#foreign = old.#foreign;
    this.#ignored = old.#ignored;
    this.#updates = old.#updates;
    this.#late = old.#late;
    if (old.definition.layout !== this.definition.layout) {
      for (const { entries } of old.#store.keys.values())
        for (const entry of entries) this.#tombstones.push(entryKeyText(entry));
      return;
    }
    this.#store = old.#store;
    this.#dirty = old.#dirty;
    this.#emittedToMs = old.#emittedToMs;
    this.#writtenTimeMs = old.#writtenTimeMs;
    const remap = remapping(old.definition, this.definition, this.#initial);
    if (remap === undefined) return;
    for (const { entries } of this.#store.keys.values()) {
      for (const entry of entries) {
        entry.slots = remap(entry.slots);
        // Written again, so that a removed aggregate's old state does not come back with its name.
        if (!entry.dirty) this.#dirty.push(entry);
        entry.dirty = true;
      }
    }
  }

  get(key: unknown): TableRow[] {
    const entries = this.#store.owns(key)?.entries ?? [];
    return entries.map((entry) => rowOf(this.definition, entry)).reverse();
  }

  query(query: TableQuery): TablePage {
    return queryTable(this.#store, this.definition, this.#streamTimeMs, query);
  }

  windows(column?: string): ReturnType<TablePartition['windows']> {
    return windowSums(this.#store, this.definition, this.#streamTimeMs, column);
  }

  stats(): TableStats {
    const keys = this.#store.keys.size;
    const { entries } = this.#store;
    return {
      keys,
      entries,
      // Measured on V8 12: an entry with its place in two lists, its slots, and a key with its list and its place in the map.
      sizeBytes: entries * (136 + 8 * this.definition.width) + keys * 160,
      updates: this.#updates,
      late: this.#late,
      ignored: this.#ignored,
      streamTimeMs: Number.isFinite(this.#streamTimeMs) ? this.#streamTimeMs : null,
      watermarkMs: this.watermarkMs,
    };
  }
}

/** Entries of windowed tables have a window. */
const startOf = (entry: Entry | undefined): number => entry?.window?.startMs ?? 0;
