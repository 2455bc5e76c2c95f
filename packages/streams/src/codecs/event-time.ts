import {
  type AppDocument,
  canonicalNumber,
  doubleOf,
  durationWords,
  type EventTime,
  type Exact,
  type Field,
  fieldsOf,
  isExact,
  isoTime,
  isTimeMs,
  type Model,
  maxTimeMs,
  type TimeUnit,
  type Topic,
  type Type,
} from '@millrace/spec';
import { DecodeError, quoted } from './decode-error.ts';
import { misfitOf, toTimestamp } from './primitive.ts';
import { unitWords } from './time-unit.ts';

/** What decides a topic's event times. */
export interface EventTimeFormat {
  readonly eventTime: EventTime;
  readonly maxAheadMs: number;
  /** Absent: any JSON. */
  readonly value: Type | undefined;
  /** This app has written it, and knows of times before 1970. */
  readonly repartitioned: boolean;
}

/**
 * The event times of a topic's records: times that can be, and at most `maxAheadMs` ahead of the wall clock. Whatever is beyond would move stream
 * time to where everything else is late.
 */
export class EventTimes {
  readonly #path: readonly string[] | undefined;
  readonly #name: string;
  readonly #unit: TimeUnit | undefined;
  readonly #sensitive: boolean;
  readonly #maxAheadMs: number;
  /** −1 is Kafka's word for no timestamp. */
  readonly #maybeNone: boolean;
  #nowMs = 0;
  #latestMs = 0;
  #odd = 0;
  #oddMs = 0;

  constructor(format: EventTimeFormat, models: Readonly<Record<string, Model>>) {
    const { eventTime, value, maxAheadMs, repartitioned } = format;
    this.#path = eventTime.from === 'field' ? eventTime.path : undefined;
    this.#name = this.#path?.join('.') ?? "Kafka's timestamp";
    const field = fieldAt(value, this.#path ?? [], models);
    this.#unit = field?.type.kind === 'timestamp' ? field.type.unit : undefined;
    this.#sensitive = field?.sensitive ?? false;
    this.#maxAheadMs = maxAheadMs;
    this.#maybeNone = this.#path === undefined && !repartitioned;
  }

  /** The wall clock, once a batch. */
  begin(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#latestMs = Math.min(maxTimeMs, nowMs + this.#maxAheadMs);
    this.#odd = 0;
  }

  /** The event time of a record: from its decoded value, or Kafka's timestamp. @throws DecodeError, which says what is wrong with it */
  of(value: unknown, recordMs: number): number {
    const timestampMs = this.#path === undefined ? recordMs : this.#timeAt(value, this.#path);
    if (timestampMs >= oddFromMs && timestampMs < oddToMs) {
      this.#odd++;
      this.#oddMs = timestampMs;
    }
    if (timestampMs <= this.#latestMs && timestampMs >= -maxTimeMs && (timestampMs !== -1 || !this.#maybeNone))
      return timestampMs;
    throw new DecodeError(this.#reason(timestampMs));
  }

  /** How many times of the batch look like those of another unit: early in 1970, but of these days if they were a thousand times as large. */
  get odd(): number {
    return this.#odd;
  }

  /** What to say of them, and the remedy. `count`: of all that were seen. */
  oddWords(topic: string, count: number): string {
    const unit = coarser[this.#unit ?? 'ms'];
    const said = `${topic}: ${count} event ${count === 1 ? 'time lies' : 'times lie'} in 1970`;
    if (unit === undefined || this.#path === undefined)
      return `${said}: ${this.#name} seems to be in seconds, as ${isoTime(this.#oddMs * 1_000)}. Let a field say the time, or write it in milliseconds`;
    const written = unit === 'ms' ? 'timestamp' : `timestamp(${unit})`;
    return `${said}: ${this.#name} seems to be in ${wordsOf(unit)}, as ${isoTime(this.#oddMs * 1_000)}. Let the model say ${this.#path.at(-1)}: ${written}`;
  }

  #timeAt(value: unknown, path: readonly string[]): number {
    let at = value;
    for (const name of path)
      at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined; // an object, as just seen
    // A field of type timestamp is in ms by now, whatever its unit.
    const timestampMs = toTimestamp(at);
    if (timestampMs !== undefined) return timestampMs;
    throw new DecodeError(
      at === undefined || at === null
        ? `${this.#name} is missing: it is the event's time`
        : notATime(this.#name, this.#sensitive ? undefined : at, undefined),
    );
  }

  #reason(timestampMs: number): string {
    if (this.#sensitive) return `${this.#name} is no time that can be taken (the field is sensitive)`;
    if (timestampMs === -1) return "the record has no timestamp (it is −1), and that is the event's time";
    if (!isTimeMs(timestampMs)) return impossible(this.#name, timestampMs, undefined, this.#path !== undefined);
    return (
      `${this.#name} is ${aheadWords(timestampMs - this.#nowMs)} ahead of the clock: ${isoTime(timestampMs)}; ` +
      `at most ${durationWords(this.#maxAheadMs)} is taken (the topic's maxAhead)${finerWords(timestampMs, this.#unit, this.#path !== undefined)}`
    );
  }
}

/** A record's event time as an app that reads the topic takes it; null: the wall clock's when it does. Else why it takes none. */
export type EventTimeReader = (
  value: unknown,
  recordMs: number,
  nowMs: number,
) => { readonly ok: true; readonly timestampMs: number | null } | { readonly ok: false; readonly reason: string };

/** For tails, and for sending by hand. */
export const eventTimeReader = (topic: Topic, { models }: Pick<AppDocument, 'models'>): EventTimeReader => {
  if (topic.eventTime.from === 'now') return () => ({ ok: true, timestampMs: null });
  const times = new EventTimes({ ...topic, repartitioned: false }, models);
  return (value, recordMs, nowMs) => {
    times.begin(nowMs);
    try {
      return { ok: true, timestampMs: times.of(value, recordMs) };
    } catch (error) {
      if (error instanceof DecodeError) return { ok: false, reason: error.message };
      throw error;
    }
  };
};

/** Why a value is none of a timestamp in a unit. */
export const notATime = (name: string, value: unknown, unit: TimeUnit | undefined): string => {
  if (isExact(value) && unit !== 'iso') return impossible(name, value, unit, true);
  const noun = unit === undefined ? misfitOf('timestamp', value) : `is not a timestamp in ${unitWords[unit]}`;
  return value === undefined ? `${name} ${noun}` : `${name} ${noun}: ${quoted(value)}`;
};

const impossible = (name: string, value: Exact, unit: TimeUnit | undefined, isField: boolean): string => {
  const perMs = unit === 's' ? 1e-3 : unit === 'us' ? 1e3 : unit === 'ns' ? 1e6 : 1;
  return `${name} is a time that cannot be: ${canonicalNumber(value)} ${unit ?? 'ms'}${finerWords(doubleOf(value) / perMs, unit, isField)}`;
};

const finest = ['s', 'ms', 'us', 'ns'] as const;
type NumberUnit = (typeof finest)[number];
/** The next coarser unit: what a number that lies in 1970 is likely to be in. */
const coarser: Readonly<Record<TimeUnit | 'ms', NumberUnit | undefined>> = {
  s: undefined,
  ms: 's',
  us: 'ms',
  ns: 'us',
  iso: undefined,
};
const wordsOf = (unit: NumberUnit): string => (unit === 'ms' ? 'milliseconds' : unitWords[unit]);

/** What the number would be in a finer unit, where that is a time of these days. `timeMs`: what it is in `unit`. `isField`: its type can say so. */
const finerWords = (timeMs: number, unit: TimeUnit | undefined, isField: boolean): string => {
  let asMs = timeMs;
  if (unit === 'iso') return '';
  for (const other of finest.slice(finest.indexOf(unit ?? 'ms') + 1)) {
    asMs /= 1_000;
    if (asMs < recentFromMs || asMs >= recentToMs) continue;
    const written = other === 'ms' ? 'timestamp' : `timestamp(${other})`;
    return `; as ${wordsOf(other)} it is ${isoTime(Math.floor(asMs))}${isField ? `: say ${written}` : ''}`;
  }
  return '';
};

const recentFromMs = Date.UTC(1990, 0, 1);
const recentToMs = Date.UTC(2100, 0, 1);
const oddFromMs = recentFromMs / 1_000;
const oddToMs = recentToMs / 1_000;
const yearMs = 365.25 * 86_400_000;

const aheadWords = (aheadMs: number): string => {
  if (aheadMs >= 2 * yearMs) return `${Math.floor(aheadMs / yearMs)} years`;
  for (const unitMs of [86_400_000, 3_600_000, 60_000, 1_000])
    if (aheadMs >= unitMs) return durationWords(Math.round((aheadMs / unitMs) * 10) * (unitMs / 10));
  return durationWords(aheadMs);
};

const fieldAt = (
  value: Type | undefined,
  path: readonly string[],
  models: Readonly<Record<string, Model>>,
): Field | undefined => {
  let type = value;
  let field: Field | undefined;
  for (const name of path) {
    field = type === undefined ? undefined : fieldsOf(type, { models })?.[name];
    type = field?.type;
  }
  return field;
};
