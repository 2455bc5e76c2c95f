import { canonicalJson, parseJson, writeJson } from '@millrace/spec';
import type { ConsumedRecord, ProducedRecord } from '../transport/record.ts';
import type { Entry } from './entry.ts';
import type { TableDefinition } from './table-definition.ts';

/**
 * The changelog's records (SPEC T3):
 *
 *     key    ["10.0.0.7",1700000000000]   a windowed table's entry: its key, its window's start
 *            ["10.0.0.7"]                 a plain table's
 *            {"time":true}                the table's time
 *     value  {"l":"string/300000/10000","u":1700000000123,"s":{"attempts:count":5}}
 *            {"l":…,"t":1700000000500,"e":1700000000000}
 *            null                         the entry is gone
 *
 * `l` layout, `u` wall clock of the last update, `s` states by column and function, `t` stream time, `e` windows that end up to here have been
 * emitted. A record's Kafka timestamp is its entry's highest event time; Kafka has none before 1970, where `m` says it.
 */
export const timeKey = '{"time":true}';

export const entryKeyText = ({ owner, window }: Entry): string => {
  if (owner.keyJson === '') owner.keyJson = canonicalJson(owner.key);
  return window === undefined ? `[${owner.keyJson}]` : `[${owner.keyJson},${window.startMs}]`;
};

export class ChangelogWriter {
  readonly #definition: TableDefinition;
  readonly #partition: number;
  readonly #layout: string;
  /** `"attempts:count":`, a column each. */
  readonly #names: readonly string[];

  constructor(definition: TableDefinition, partition: number) {
    this.#definition = definition;
    this.#partition = partition;
    this.#layout = JSON.stringify(definition.layout);
    this.#names = definition.columns.map(({ stateName }) => `${JSON.stringify(stateName)}:`);
  }

  entry(entry: Entry): ProducedRecord {
    // Built by hand: a commit may write a hundred thousand of them.
    const { columns } = this.#definition;
    let states = '';
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i];
      if (column === undefined) continue;
      states += `${i === 0 ? '' : ','}${this.#names[i]}${toJson(column.aggregator.toJson(entry.slots, column.at))}`;
    }
    return this.#record(
      entryKeyText(entry),
      `{"l":${this.#layout},"u":${entry.updatedMs},"s":{${states}}${before1970(entry.timestampMs)}}`,
      entry.timestampMs,
    );
  }

  /** `emittedToMs` may be −Infinity. */
  time(streamTimeMs: number, emittedToMs: number): ProducedRecord {
    return this.#record(
      timeKey,
      JSON.stringify({ l: this.#definition.layout, t: streamTimeMs, e: finite(emittedToMs) }),
      streamTimeMs,
    );
  }

  tombstone(keyText: string, timestampMs: number): ProducedRecord {
    return this.#record(keyText, null, timestampMs);
  }

  #record(key: string, value: string | null, timestampMs: number): ProducedRecord {
    return {
      topic: this.#definition.changelog,
      partition: this.#partition,
      key: Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      timestampMs: Math.max(0, timestampMs),
    };
  }
}

/** Whole numbers are most of it, and their own JSON. */
const toJson = (state: unknown): string => (Number.isInteger(state) ? `${state}` : writeJson(state));

const before1970 = (timestampMs: number): string => (timestampMs < 0 ? `,"m":${timestampMs}` : '');

const finite = (timeMs: number): number | null => (Number.isFinite(timeMs) ? timeMs : null);

export type ChangelogRecord =
  | {
      readonly kind: 'entry';
      readonly key: unknown;
      readonly startMs: number | undefined;
      readonly updatedMs: number;
      readonly states: Readonly<Record<string, unknown>>;
      readonly timestampMs: number;
    }
  | {
      readonly kind: 'tombstone';
      readonly keyText: string;
      readonly key: unknown;
      readonly startMs: number | undefined;
    }
  | { readonly kind: 'time'; readonly streamTimeMs: number; readonly emittedToMs: number }
  /** Written under another layout, or not by this program. */
  | { readonly kind: 'foreign'; readonly keyText: string };

export const readChangelog = (record: ConsumedRecord, definition: TableDefinition): ChangelogRecord => {
  const keyText = record.key?.toString() ?? '';
  const key = parse(keyText);
  const { reviveKey } = definition;
  if (reviveKey !== undefined && Array.isArray(key) && key.length > 0) key[0] = reviveKey(key[0]);
  const value = record.value === null ? null : parse(record.value.toString());
  const isEntry = Array.isArray(key) && key.length === (definition.grid === undefined ? 1 : 2);
  if (record.value === null) {
    return { kind: 'tombstone', keyText, key: isEntry ? key[0] : undefined, startMs: isEntry ? key[1] : undefined };
  }
  if (!isWritten(value) || value.l !== definition.layout) return { kind: 'foreign', keyText };
  if (keyText === timeKey && value.t !== undefined) {
    return { kind: 'time', streamTimeMs: value.t, emittedToMs: value.e ?? Number.NEGATIVE_INFINITY };
  }
  if (!isEntry || value.s === undefined) return { kind: 'foreign', keyText };
  return {
    kind: 'entry',
    key: key[0],
    startMs: key[1],
    updatedMs: value.u ?? 0,
    states: value.s,
    timestampMs: value.m ?? record.timestampMs,
  };
};

interface Written {
  readonly l: string;
  readonly u?: number;
  readonly s?: Readonly<Record<string, unknown>>;
  readonly m?: number;
  readonly t?: number;
  readonly e?: number | null;
}

const isWritten = (value: unknown): value is Written => typeof value === 'object' && value !== null && 'l' in value;

/** Undefined: not JSON. */
const parse = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};
