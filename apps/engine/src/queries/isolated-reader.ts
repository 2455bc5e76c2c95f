import type { PartitionReader } from '@millrace/streams';
import type { RangeReader } from './record-pages.ts';

/** A reader that reads every range with, or without, what is not committed. */
export const isolatedReader = (reader: PartitionReader, uncommitted: boolean): RangeReader => ({
  read: (ranges, signal) =>
    reader.read(
      ranges.map((range) => ({ ...range, uncommitted })),
      signal,
    ),
});
