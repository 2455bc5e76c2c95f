import {
  type Clock,
  isTimeMark,
  type PartitionOffsets,
  type ReadRange,
  type TopicDescription,
  TransportError,
} from '@millrace/streams';
import type { RangeReader } from './record-pages.ts';

/** Of more offsets than this they are not counted one by one. */
const maxOffsets = 20_000;
const maxBytes = 8 * 1024 * 1024;
const maxMs = 2_000;
/** What was too much, or did not answer, is not tried again for so long, ms: pages ask again and again. */
const restMs = 60_000;

/** How many records small topics hold: Kafka tells offsets alone, which compacted and aborted records and marks of transactions take as well. */
export class RecordCounts {
  readonly #clock: Clock;
  /** What was counted last of each topic, and of which offsets. */
  readonly #last = new Map<string, { readonly of: string; readonly records: number }>();
  /** Until when a topic is not counted, monotonic ms. */
  readonly #resting = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Null: too many to count. `compacted`: some go while the offsets stay. */
  async count(
    { name: topic, id }: Pick<TopicDescription, 'name' | 'id'>,
    offsets: readonly PartitionOffsets[],
    reader: RangeReader,
    compacted: boolean,
  ): Promise<number | null> {
    const ranges = offsets
      .filter(({ earliest, latest }) => latest > earliest)
      .map(({ partition, earliest, latest }) => ({ topic, partition, from: earliest, to: latest }));
    if (ranges.reduce((sum, { from, to }) => sum + Number(to - from), 0) > maxOffsets) return null;
    const of = [id, ...ranges.map(({ partition, from, to }) => `${partition}:${from}-${to}`)].join();
    const last = this.#last.get(topic);
    if (last?.of === of && !compacted) return last.records;
    const nowMs = this.#clock.monotonic();
    if ((this.#resting.get(topic) ?? nowMs) > nowMs) return null;
    const records = await this.#read(ranges, reader, nowMs + maxMs);
    if (records === null) this.#resting.set(topic, this.#clock.monotonic() + restMs);
    else this.#last.set(topic, { of, records });
    return records;
  }

  /** Null: it took too much, or Kafka did not answer. */
  async #read(ranges: readonly ReadRange[], reader: RangeReader, untilMs: number): Promise<number | null> {
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
    return records;
  }
}
