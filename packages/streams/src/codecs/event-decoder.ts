import type { AppDocument, Codec, EventTime, Type } from '@millrace/spec';
import { originHeader } from '../repartition/origin.ts';
import type { EventBatch } from '../topology/event-batch.ts';
import type { TaskContext } from '../topology/topology.ts';
import type { ConsumedRecord, RecordBatch, RecordHeaders } from '../transport/record.ts';
import { CheckCompiler, rootName } from './check.ts';
import { type BytesDecoder, bytesDecoder } from './codec.ts';
import { DecodeError, quoted } from './decode-error.ts';
import { FlatJsonReader } from './flat-json.ts';
import { jsonDecoder, parseJson } from './json.ts';
import { toTimestamp } from './primitive.ts';
import { TextCache } from './text-cache.ts';

/** How the records of one Kafka topic are read. */
export interface EventFormat {
  readonly topic: string;
  readonly key: Type;
  /** Absent: any JSON, trusted (an agent's own intermediate records). */
  readonly value: Type | undefined;
  readonly codec: { readonly key: Codec; readonly value: Codec };
  readonly eventTime: EventTime;
  readonly onDecodeError: 'dead-letter' | 'skip' | 'stop';
  /** Its records tell their origins. */
  readonly repartitioned: boolean;
}

/** Top-level fields of a value; `all`: the value is taken as a whole. */
export type FieldSet = ReadonlySet<string> | 'all';

/** What an app reads of a topic's records. */
export interface Usage {
  readonly key: boolean;
  readonly value: FieldSet;
}

/** Decodes batches of one topic, compiled for the fields that the app uses. */
export class EventDecoder {
  readonly #format: EventFormat;
  /** Absent: nothing reads the key, and any bytes are one. */
  readonly #key: BytesDecoder | undefined;
  readonly #value: BytesDecoder;
  readonly #path: readonly string[] | undefined;

  constructor(format: EventFormat, used: Usage, document: AppDocument) {
    this.#format = format;
    this.#key = keyDecoder(format, used.key, document);
    const path = format.eventTime.from === 'field' ? format.eventTime.path : undefined;
    const timeField = path === undefined ? [] : path.slice(0, 1);
    this.#value = valueDecoder(format, used.value === 'all' ? 'all' : new Set([...used.value, ...timeField]), document);
    this.#path = path;
  }

  /** Rows in the order of the records; one that does not decode is reported and left out. */
  decode(batch: RecordBatch, context: TaskContext): EventBatch {
    const { records } = batch;
    const events: EventBatch = { source: batch, length: 0, keys: [], values: [], timestampsMs: [], records: [] };
    const nowMs = this.#format.eventTime.from === 'now' ? context.clock.now() : undefined;
    let headers: (RecordHeaders | undefined)[] | undefined;
    const origins: (Buffer | undefined)[] | undefined = this.#format.repartitioned ? [] : undefined;
    for (let index = 0; index < records.length; index++) {
      const record = records[index] as ConsumedRecord; // within length
      try {
        const key = record.key === null || this.#key === undefined ? null : this.#key(record.key);
        if (record.value === null) throw new DecodeError('the record has no value');
        const value = this.#value(record.value);
        const timestampMs = nowMs ?? (this.#path === undefined ? record.timestampMs : timeAt(value, this.#path));
        events.keys.push(key);
        events.values.push(value);
        events.timestampsMs.push(timestampMs);
        events.records.push(index);
        const visible = origins === undefined ? record.headers : takeOrigin(record.headers, origins);
        if (visible !== undefined) {
          headers ??= [];
          headers[events.length] = visible;
        }
        events.length++;
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        this.#report(batch, record, error.message, context);
      }
    }
    if (origins !== undefined) events.origins = origins;
    if (headers !== undefined) {
      headers.length = events.length;
      events.headers = headers;
    }
    return events;
  }

  #report(batch: RecordBatch, record: ConsumedRecord, reason: string, context: TaskContext): void {
    context.failed({
      policy: this.#format.onDecodeError,
      kind: 'decode',
      topic: batch.topic,
      partition: batch.partition,
      offset: batch.baseOffset + BigInt(record.delta),
      timestampMs: record.timestampMs,
      key: record.key,
      value: record.value,
      reason,
    });
  }
}

/** Adds the origin that the headers tell to `origins`; what is left of them. */
const takeOrigin = (headers: RecordHeaders | undefined, origins: (Buffer | undefined)[]): RecordHeaders | undefined => {
  const origin = headers?.[originHeader];
  origins.push(typeof origin === 'object' ? origin : undefined);
  if (headers === undefined || origin === undefined) return headers;
  for (const name in headers) {
    if (name === originHeader) continue;
    const { [originHeader]: _, ...others } = headers;
    return others;
  }
  return undefined;
};

const keyDecoder = ({ key, codec }: EventFormat, used: boolean, document: AppDocument): BytesDecoder | undefined => {
  if (key.kind === 'string' && codec.key !== 'json') {
    const texts = new TextCache();
    return used ? (bytes) => texts.text(bytes) : undefined;
  }
  return bytesDecoder(key, codec.key, document, 'the key');
};

const valueDecoder = (format: EventFormat, used: FieldSet, document: AppDocument): BytesDecoder => {
  const { value: type, codec } = format;
  if (type === undefined) return parseJson;
  const fields =
    type.kind === 'model' ? document.models[type.model]?.fields : type.kind === 'record' ? type.fields : undefined;
  if (codec.value !== 'json' || fields === undefined) return bytesDecoder(type, codec.value, document);
  const parsed = jsonDecoder(new CheckCompiler(document.models).fields(fields, used), rootName);
  const flat = used === 'all' ? undefined : FlatJsonReader.for(fields, used);
  return flat === undefined ? parsed : (bytes) => flat.read(bytes) ?? parsed(bytes);
};

const timeAt = (value: unknown, path: readonly string[]): number => {
  let at = value;
  for (const name of path)
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined; // an object, as just seen
  const timestampMs = toTimestamp(at);
  if (timestampMs !== undefined) return timestampMs;
  const name = path.join('.');
  throw new DecodeError(
    at === undefined || at === null
      ? `${name} is missing: it is the event's time`
      : `${name} is not a timestamp: ${quoted(at)}`,
  );
};
