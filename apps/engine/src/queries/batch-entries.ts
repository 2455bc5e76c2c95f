import type { ConsumedRecord, RecordBatch, UnreadableRange } from '@millrace/streams';

/** What a partition holds at an offset: a record, or offsets that cannot be read, which are shown as one. */
export type Entry = ConsumedRecord | UnreadableRange;

export const isUnreadable = (entry: Entry): entry is UnreadableRange => 'from' in entry;

export const offsetOf = (batch: RecordBatch, entry: Entry): bigint =>
  isUnreadable(entry) ? entry.from : batch.baseOffset + BigInt(entry.delta);

/** In offset order. */
export function entriesOf(batch: RecordBatch): readonly Entry[] {
  const { records, unreadable } = batch;
  if (unreadable === undefined) return records;
  return [...records, ...unreadable].sort((a, b) => (offsetOf(batch, a) < offsetOf(batch, b) ? -1 : 1));
}
