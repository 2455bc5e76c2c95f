import { type Clock, isTimeMark, type PartitionOffsets, TransportError } from '@millrace/streams';
import type { RangeReader } from './record-pages.ts';

/** Of more offsets than this they are not counted one by one. */
const maxOffsets = 20_000;
const maxBytes = 8 * 1024 * 1024;
const maxMs = 2_000;

/** How many records small topics hold: Kafka tells offsets alone, which compacted and aborted records and marks of transactions take as well. */
export class RecordCounts {
  readonly #clock: Clock;
  /** What was counted last of each topic, and of which offsets. */
  readonly #last = new Map<string, { readonly of: string; readonly records: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Null: too many to count. `compacted`: some go while the offsets stay. */
  async count(
    topic: string,
    offsets: readonly PartitionOffsets[],
    reader: RangeReader,
    compacted: boolean,
  ): Promise<number | null> {
    const ranges = offsets
      .filter(({ earliest, latest }) => latest > earliest)
      .map(({ partition, earliest, latest }) => ({ topic, partition, from: earliest, to: latest }));
    if (ranges.reduce((sum, { from, to }) => sum + Number(to - from), 0) > maxOffsets) return null;
    const of = ranges.map(({ partition, from, to }) => `${partition}:${from}-${to}`).join();
    const last = this.#last.get(topic);
    if (last?.of === of && !compacted) return last.records;
    const untilMs = this.#clock.monotonic() + maxMs;
    let [records, bytes] = [0, 0];
    try {
      for await (const batch of reader.read(ranges)) {
        for (const record of batch.records) if (!isTimeMark(record)) records++;
        bytes += batch.sizeBytes;
        if (bytes > maxBytes || this.#clock.monotonic() > untilMs) return null;
      }
    } catch (error) {
      // Whoever asks for more than the number is told.
      if (error instanceof TransportError) return null;
      throw error;
    }
    this.#last.set(topic, { of, records });
    return records;
  }
}
