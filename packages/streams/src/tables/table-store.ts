import { canonicalJson, Decimal, identityOf } from '@millrace/spec';
import { type Entry, initialEntry, type KeyEntries, type WindowEntries } from './entry.ts';

/**
 * Entries by key and by window, in memory. By key, because one lookup then serves all windows of an event and a key's history;
 * by window, so that closing or forgetting a window costs what it holds and nothing else.
 */
export class TableStore {
  /** By `keyId`. */
  readonly keys = new Map<unknown, KeyEntries>();
  /** Ascending by start: the window timers. */
  readonly windows: WindowEntries[] = [];
  readonly #sizeMs: number;
  entries = 0;

  /** `sizeMs`: of a window; 0 in a plain table. */
  constructor(sizeMs: number) {
    this.#sizeMs = sizeMs;
  }

  /** The key's entries; made where there are none. */
  owner(key: unknown): KeyEntries {
    const id = keyId(key);
    let owner = this.keys.get(id);
    if (owner === undefined) {
      owner = { key, keyJson: '', entries: [] };
      this.keys.set(id, owner);
    }
    return owner;
  }

  owns(key: unknown): KeyEntries | undefined {
    return this.keys.get(keyId(key));
  }

  find(key: unknown, startMs: number | undefined): Entry | undefined {
    const entries = this.owns(key)?.entries;
    return startMs === undefined ? entries?.[0] : entries?.findLast((entry) => entry.window?.startMs === startMs);
  }

  /** Adds an entry at `place` among its owner's; the caller keeps these ascending. */
  insert(owner: KeyEntries, place: number, startMs: number | undefined, slots: unknown[]): Entry {
    const window = startMs === undefined ? undefined : this.window(startMs);
    const entry = initialEntry(owner, window, slots);
    if (place === owner.entries.length) owner.entries.push(entry);
    else owner.entries.splice(place, 0, entry);
    if (window !== undefined) {
      window.entries.push(entry);
      window.live++;
    }
    this.entries++;
    return entry;
  }

  /** The window that starts there; made where there is none. */
  window(startMs: number): WindowEntries {
    const { windows } = this;
    let place = windows.length;
    while (place > 0 && (windows[place - 1]?.startMs ?? 0) > startMs) place--;
    const found = windows[place - 1];
    if (found !== undefined && found.startMs === startMs) return found;
    const made: WindowEntries = { startMs, endMs: startMs + this.#sizeMs, entries: [], live: 0 };
    windows.splice(place, 0, made);
    return made;
  }

  remove(entry: Entry): void {
    const { owner, window } = entry;
    const place = owner.entries.indexOf(entry);
    owner.entries.splice(place, 1);
    if (owner.entries.length === 0) this.keys.delete(keyId(owner.key));
    entry.gone = true;
    this.entries--;
    if (window === undefined) return;
    window.live--;
    if (window.live === 0) this.windows.splice(this.windows.indexOf(window), 1);
  }
}

/** What a key is found by: itself where it is a primitive, its canonical JSON behind a mark where it is composed; equal keys by the same. */
export const keyId = (key: unknown): unknown => {
  if (typeof key !== 'object') return key;
  return key instanceof Decimal ? identityOf(key) : `\u0000${canonicalJson(key)}`;
};
