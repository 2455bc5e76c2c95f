/**
 * The normalized document: what every part but the text works on. Short forms are spelled out, durations are milliseconds, defaults are in place.
 * The authored (short) forms and the zod schemas that turn them into this stand beside this file, one element a file.
 */
import type { Field, Type } from './type.ts';

export interface AppDocument {
  readonly app: string;
  readonly label?: string;
  readonly description?: string;
  readonly models: Readonly<Record<string, Model>>;
  readonly topics: Readonly<Record<string, Topic>>;
  readonly tables: Readonly<Record<string, Table>>;
  readonly agents: Readonly<Record<string, Agent>>;
  readonly settings: Settings;
  /** Canvas positions by `topic:logins`, `agent:count-failures`, `table:failures-by-ip`. Hints: no meaning to the runtime. */
  readonly layout: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
}

export interface Model {
  readonly label?: string;
  readonly fields: Readonly<Record<string, Field>>;
}

export interface Topic {
  readonly label?: string;
  /** The Kafka topic; the element's id unless said otherwise. */
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  /** How long Kafka keeps records, ms; −1 for ever; absent: the broker's default. */
  readonly retentionMs?: number;
  readonly cleanup: 'delete' | 'compact';
  readonly key: Type;
  readonly value: Type;
  readonly codec: { readonly key: Codec; readonly value: Codec };
  readonly eventTime: EventTime;
  /** How far an event's time may be ahead of the wall clock, ms; what is farther does not decode. */
  readonly maxAheadMs: number;
  /** Of transactions, whether a record counts once it is committed, or at once, and also where it is aborted. The words are Kafka's. */
  readonly isolation: 'read_committed' | 'read_uncommitted';
  /** What happens to a record that does not decode. */
  readonly onDecodeError: 'dead-letter' | 'skip' | 'stop';
}

/** `string`: UTF-8 text of the primitive. `json`: JSON text. `raw`: bytes as they are. Else what Kafka's serializers of Java write. */
export const codecs = ['json', 'string', 'raw', 'int32', 'int64', 'double', 'uuid'] as const;
export type Codec = (typeof codecs)[number];
export type BinaryCodec = Exclude<Codec, 'json' | 'string' | 'raw'>;

export const isBinaryCodec = (codec: Codec): codec is BinaryCodec =>
  codec !== 'json' && codec !== 'string' && codec !== 'raw';

/** `field`: a timestamp field of the value, as a path of names. `record`: Kafka's own timestamp. `now`: the wall clock. */
export type EventTime =
  | { readonly from: 'field'; readonly path: readonly string[] }
  | { readonly from: 'record' }
  | { readonly from: 'now' };

/** Half-open `[start, start + sizeMs)`, aligned to the epoch. A window accepts while `end > streamTime − graceMs`. */
export type Window =
  | { readonly kind: 'tumbling'; readonly sizeMs: number; readonly graceMs: number; readonly retentionMs?: number }
  | {
      readonly kind: 'hopping';
      readonly sizeMs: number;
      readonly everyMs: number;
      readonly graceMs: number;
      readonly retentionMs?: number;
    };

export const aggregateFunctions = ['count', 'sum', 'min', 'max', 'avg', 'first', 'last', 'distinct'] as const;
export type AggregateFunction = (typeof aggregateFunctions)[number];

/** `sum(value.amount)`: the function and its argument, an expression over `key`, `value`, `time`, `headers`. */
export interface Aggregate {
  readonly fn: AggregateFunction;
  readonly arg?: string;
}

export interface Table {
  readonly label?: string;
  readonly key: Type;
  readonly window?: Window;
  /** Named aggregates, in the order they are written. */
  readonly value: Readonly<Record<string, Aggregate>>;
  /** `update`: downstream sees each update (conflated per commit). `close`: once, when the window closes. */
  readonly emit: 'update' | 'close';
  readonly store: 'memory';
}

export type Source =
  | { readonly kind: 'topics'; readonly topics: readonly string[] }
  | { readonly kind: 'changes'; readonly table: string };

export interface Agent {
  readonly label?: string;
  readonly from: Source;
  readonly steps: readonly Step[];
  readonly onError: 'dead-letter' | 'skip' | 'stop';
}

/** `id` is stable and names the step's Kafka resources and its figures: the authored one, else the operator's name, numbered when it recurs in the agent (`filter`, `filter-2`). */
export type Step = { readonly id: string } & StepBody;

export type StepBody =
  | { readonly op: 'filter'; readonly where: string }
  | { readonly op: 'map'; readonly mode: 'replace'; readonly fields: Readonly<Record<string, string>> }
  | { readonly op: 'map'; readonly mode: 'set'; readonly fields: Readonly<Record<string, string>> }
  | { readonly op: 'map'; readonly mode: 'keep'; readonly names: readonly string[] }
  | { readonly op: 'map'; readonly mode: 'drop'; readonly names: readonly string[] }
  | { readonly op: 'map'; readonly mode: 'rename'; readonly names: Readonly<Record<string, string>> }
  /** With `partitions` it goes through an internal topic of so many, whatever the key; without, of as many as its source has, and `key` through none. */
  | { readonly op: 'group_by'; readonly key: string; readonly partitions?: number }
  | { readonly op: 'aggregate'; readonly table: string }
  | { readonly op: 'send'; readonly to: string; readonly key?: string };

export interface Settings {
  /** Offsets, outputs and changelogs are committed this often, ms. */
  readonly commitIntervalMs: number;
  /** High mark of a partition's buffer, in records: above it the partition is paused. */
  readonly bufferMaxRecords: number;
  /** Share of `bufferMaxRecords` at which a paused partition is resumed. */
  readonly bufferResumeRatio: number;
  /** A partition without records for this long no longer holds time back, ms. */
  readonly idleTimeoutMs: number;
  /** Where a new group starts reading. */
  readonly startFrom: 'earliest' | 'latest';
  /** The Kafka topic for records that fail; `{app}-dead-letters` unless said otherwise. */
  readonly deadLetterTopic: string;
}
