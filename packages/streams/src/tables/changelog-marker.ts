import { unknownLog } from '../repartition/origin.ts';
import type { SeenOrigins } from '../repartition/origin-log.ts';
import type { ProducedRecord } from '../transport/record.ts';

/** The reserved key of markers. No table key is encoded to these bytes: the first is zero, the rest are text. */
export const markerKey: Buffer = Buffer.from('\u0000positions');

/**
 * The last record of each flush in each changelog partition of a task: which source positions the table's state includes by then.
 * Entries after the last marker belong to a flush that was never finished.
 */
export interface ChangelogMarker {
  /** Rises with every flush of the task; never used twice in a log. */
  readonly flush: number;
  /** All changelogs the flush wrote this marker to: it is complete when each of them has it. */
  readonly changelogs: readonly string[];
  /** By source topic. */
  readonly sources: Readonly<Record<string, MarkedSource>>;
  readonly streamTimeMs: number | null;
}

export interface MarkedSource {
  /** The next offset to process. */
  readonly position: bigint;
  /** The id of the topic that the position is of; absent: not known. */
  readonly log?: string;
  /** Every offset that the group may have held when the flush was written. */
  readonly committed: readonly bigint[];
  /** Of a repartition topic: which source records the state includes. */
  readonly origins?: SeenOrigins;
}

export const isMarker = (key: Buffer | null): boolean =>
  key !== null && key.length === markerKey.length && key[0] === 0 && key.equals(markerKey);

export const markerRecord = (
  marker: ChangelogMarker,
  changelog: string,
  partition: number,
  timestampMs: number,
): ProducedRecord => ({
  topic: changelog,
  partition,
  key: markerKey,
  value: Buffer.from(
    JSON.stringify(marker, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ),
  timestampMs,
});

/** Null for what is not a marker of ours: the records before it then stay unfinished. */
export const parseMarker = (value: Buffer | null): ChangelogMarker | null => {
  if (!value) return null;
  let json: unknown;
  try {
    json = JSON.parse(value.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (
    !isObject(json) ||
    typeof json['flush'] !== 'number' ||
    !Array.isArray(json['changelogs']) ||
    !isObject(json['sources'])
  )
    return null;
  const streamTimeMs = json['streamTimeMs'];
  const sources: Record<string, MarkedSource> = {};
  for (const [topic, source] of Object.entries(json['sources'])) {
    if (!isObject(source) || !isOffset(source['position']) || !Array.isArray(source['committed'])) return null;
    const log = source['log'];
    sources[topic] = {
      position: BigInt(source['position']),
      ...(typeof log === 'string' ? { log } : undefined),
      committed: source['committed'].filter(isOffset).map(BigInt),
      origins: originsIn(source['origins']),
    };
  }
  return {
    flush: json['flush'],
    changelogs: json['changelogs'].map(String),
    sources,
    streamTimeMs: typeof streamTimeMs === 'number' ? streamTimeMs : null,
  };
};

const originsIn = (json: unknown): SeenOrigins => {
  const origins: Record<string, readonly [number, number, number]> = {};
  for (const [source, seen] of Object.entries(isObject(json) ? json : {})) {
    if (!Array.isArray(seen)) continue;
    const [pass, offset, log]: unknown[] = seen;
    if (typeof pass === 'number' && typeof offset === 'number')
      origins[source] = [pass, offset, typeof log === 'number' ? log : unknownLog];
  }
  return origins;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isOffset = (value: unknown): value is string => typeof value === 'string' && /^\d+$/.test(value);
