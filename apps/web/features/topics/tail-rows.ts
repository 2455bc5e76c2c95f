import type { RecordEntity, TailEntity, TopicRecord } from '@millrace/protocol';

/** A row of the tail: a record, or how many were left out in its place. */
export type TailRow =
  | { readonly kind: 'record'; readonly record: TopicRecord }
  | { readonly kind: 'skipped'; readonly id: string; readonly count: number };

/** The tail's newest rows; more are not read, and cost. */
export const maxRows = 250;

/** Where records were left out: just after the one that was newest then. */
export class SkippedMarks {
  readonly #after = new Map<string, number>();
  #newest = '';
  #skipped = 0;

  /** Takes what the channel holds now; call it at every look. */
  note(records: readonly RecordEntity[], tail: TailEntity | undefined): void {
    // What comes during a pause waits; which of it is left out shows when the tail goes on.
    if (tail?.paused) return;
    const count = (tail?.skipped ?? 0) - this.#skipped;
    if (count > 0 && this.#newest !== '') this.#after.set(this.#newest, (this.#after.get(this.#newest) ?? 0) + count);
    this.#skipped = tail?.skipped ?? 0;
    this.#newest = records.at(-1)?.id ?? '';
    if (this.#after.size > maxRows) {
      const held = new Set(records.map(({ id }) => id));
      for (const id of this.#after.keys()) if (!held.has(id)) this.#after.delete(id);
    }
  }

  /** Newest first, `maxRows` records at most. `records` come oldest first. */
  rows(records: readonly RecordEntity[]): TailRow[] {
    return records
      .slice(-maxRows)
      .reverse()
      .flatMap((record): TailRow[] => {
        const count = this.#after.get(record.id);
        const row: TailRow = { kind: 'record', record };
        return count === undefined ? [row] : [{ kind: 'skipped', id: `after:${record.id}`, count }, row];
      });
  }
}

/** The tail's rows, and below them the records from before it that it does not hold itself, `maxRows` in all. `before` comes newest first. */
export function withBefore(rows: readonly TailRow[], before: readonly TopicRecord[]): readonly TailRow[] {
  const place = (record: TopicRecord) => `${record.partition}/${record.offset}`;
  const held = new Set(rows.flatMap((row) => (row.kind === 'record' ? [place(row.record)] : [])));
  const older = before.flatMap((record): TailRow[] => (held.has(place(record)) ? [] : [{ kind: 'record', record }]));
  return [...rows, ...older].slice(0, Math.max(rows.length, maxRows));
}
