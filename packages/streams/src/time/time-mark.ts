import { Buffer } from 'node:buffer';
import type { ConsumedRecord, ProducedRecord } from '../transport/record.ts';

/**
 * Where a source partition is in event time, told to a partition of the repartition topic that it feeds. It stands behind all that this source
 * sent there before, and says what no record does: that time went on where nothing was sent, and that a source has become idle.
 */
export interface TimeMark {
  /** As in an origin: the source's place among those of its stage, and its partition. */
  readonly source: number;
  /** Event time, ms; −Infinity before any event. */
  readonly timeMs: number;
  /** It has nothing to read: nobody should wait for it. */
  readonly idle: boolean;
  /** The group's generation in which it was written. */
  readonly generation: number;
}

/**
 * The value of a mark, behind which its JSON stands. No event's: those of repartition topics are JSON, which begins with no zero byte, and have
 * a key, which marks have not.
 */
const prefix = Buffer.from('\u0000time ');

export const isTimeMark = ({ key, value }: Pick<ConsumedRecord, 'key' | 'value'>): boolean =>
  key === null && value !== null && value[0] === 0 && value.subarray(0, prefix.length).equals(prefix);

export const timeMarkRecord = (
  { source, timeMs, idle, generation }: TimeMark,
  to: { readonly topic: string; readonly partition: number; readonly timestampMs: number },
): ProducedRecord => ({
  ...to,
  key: null,
  value: Buffer.concat([
    prefix,
    Buffer.from(
      JSON.stringify({ source, time: Number.isFinite(timeMs) ? timeMs : null, generation, ...(idle ? { idle } : {}) }),
    ),
  ]),
});

/** Null for what is not a mark of ours. */
export const parseTimeMark = (value: Buffer | null): TimeMark | null => {
  let json: unknown;
  try {
    json = JSON.parse(value?.toString('utf8', prefix.length) ?? '');
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof json !== 'object' || json === null) return null;
  const { source, time, generation, idle } = json as Record<string, unknown>; // an object, as just seen
  if (typeof source !== 'number' || typeof generation !== 'number') return null;
  return {
    source,
    timeMs: typeof time === 'number' ? time : Number.NEGATIVE_INFINITY,
    idle: idle === true,
    generation,
  };
};
