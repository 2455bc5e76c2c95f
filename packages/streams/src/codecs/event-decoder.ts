import type { Dataflow, RecordFormat } from '@millrace/dataflow';
import { isUnknown } from '@millrace/spec';
import { originIn } from '../repartition/origin.ts';
import { Tally } from '../sensors/tally.ts';
import { isTimeMark, parseTimeMark } from '../time/time-mark.ts';
import type { EventBatch } from '../topology/event-batch.ts';
import type { TaskContext } from '../topology/topology.ts';
import { type ConsumedRecord, type RecordBatch, type UnreadableRange, unreadableWords } from '../transport/record.ts';
import type { RecordHeaders } from '../transport/record-headers.ts';
import { unpack } from './as-it-came.ts';
import { CheckCompiler, rootName } from './check.ts';
import { type BytesDecoder, bytesDecoder, keyName } from './codec.ts';
import { DecodeError } from './decode-error.ts';
import { EventTimes } from './event-time.ts';
import { FlatJsonReader } from './flat-json.ts';
import { jsonDecoder, parseJson } from './json.ts';
import { type Revive, reviver } from './revive.ts';
import { TextCache } from './text-cache.ts';

type Models = Dataflow['models'];

/** Top-level fields of a value; `all`: the value is taken as a whole. */
export type FieldSet = ReadonlySet<string> | 'all';

/** What an app reads of a topic's records. */
export interface Usage {
  readonly key: boolean;
  readonly value: FieldSet;
  /** Fields of it are written to topics. */
  readonly written: boolean;
}

/** Decodes batches of one topic, compiled for the fields that the app uses. */
export class EventDecoder {
  readonly #format: RecordFormat;
  /** Absent: nothing reads the key, and any bytes are one. */
  readonly #key: BytesDecoder | undefined;
  readonly #value: BytesDecoder;
  readonly #times: EventTimes;
  /** Event times that look like another unit's, since the deploy. */
  readonly #odd = new Tally();

  constructor(format: RecordFormat, used: Usage, models: Models) {
    this.#format = format;
    this.#key = keyDecoder(format, used.key, models);
    const path = format.eventTime.from === 'field' ? format.eventTime.path : undefined;
    const timeField = path === undefined ? [] : path.slice(0, 1);
    const fields = used.value === 'all' ? 'all' : new Set([...used.value, ...timeField]);
    this.#value = valueDecoder(format, { ...used, value: fields }, models);
    this.#times = new EventTimes(
      { ...format, value: format.value ?? undefined, maxAheadMs: format.maxAheadMs ?? Number.POSITIVE_INFINITY },
      models,
    );
  }

  /** Rows in the order of the records; one that does not decode is reported and left out, a tombstone is noted and left out. */
  decode(batch: RecordBatch, context: TaskContext): EventBatch {
    const { records } = batch;
    for (const range of batch.unreadable ?? []) this.#reportRange(batch, range, context);
    const events: EventBatch = {
      source: batch,
      length: 0,
      keys: [],
      values: [],
      timestampsMs: [],
      records: [],
      streamTimesMs: [],
    };
    const nowMs = context.clock.now();
    const fixedMs = this.#format.eventTime.from === 'now' ? nowMs : undefined;
    this.#times.begin(nowMs);
    let headers: (RecordHeaders | undefined)[] | undefined;
    const origins: (Buffer | undefined)[] | undefined = this.#format.repartitioned ? [] : undefined;
    for (let index = 0; index < records.length; index++) {
      const record = records[index] as ConsumedRecord; // within length
      if (record.value === null) {
        events.tombstones ??= [];
        events.tombstones.push(index);
        continue;
      }
      const mark = origins !== undefined && isTimeMark(record) ? parseTimeMark(record.value) : null;
      if (mark !== null) {
        events.marks ??= [];
        events.marks.push({ row: events.length, mark });
        continue;
      }
      try {
        const key = record.key === null || this.#key === undefined ? null : this.#key(record.key);
        const value = this.#value(record.value);
        const timestampMs = fixedMs ?? this.#times.of(value, record.timestampMs);
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
    // Said of the source already, where these are what became of it.
    if (origins === undefined && this.#times.odd > 0 && this.#odd.add(this.#times.odd))
      context.noticed(
        this.#times.oddWords(batch.topic, this.#odd.count),
        { topic: batch.topic },
        `unit of ${batch.topic}`,
      );
    if (origins !== undefined) events.origins = origins;
    if (headers !== undefined) {
      headers.length = events.length;
      events.headers = headers;
    }
    return events;
  }

  #reportRange({ topic, partition }: RecordBatch, range: UnreadableRange, context: TaskContext): void {
    context.failed({
      policy: this.#format.onDecodeError,
      kind: 'decode',
      topic,
      partition,
      offset: range.from,
      endOffset: range.to,
      timestampMs: range.timestampMs,
      key: null,
      value: null,
      reason: `${unreadableWords(range)}: ${range.reason}`,
    });
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
      ...(record.headers === undefined ? undefined : { headers: record.headers }),
      reason,
    });
  }
}

/** Adds the origin that the last header tells to `origins`; what is left of them. The source record's own headers stand before it, of whatever name. */
const takeOrigin = (headers: RecordHeaders | undefined, origins: (Buffer | undefined)[]): RecordHeaders | undefined => {
  const origin = originIn(headers);
  origins.push(origin);
  if (headers === undefined || origin === undefined) return headers;
  return headers.length === 1 ? undefined : headers.slice(0, -1);
};

const keyDecoder = ({ key, codec, made }: RecordFormat, used: boolean, models: Models): BytesDecoder | undefined => {
  if (key.kind === 'string' && codec.key !== 'json') {
    const texts = new TextCache();
    return used ? (bytes) => texts.text(bytes, keyName) : undefined;
  }
  const decoder = bytesDecoder(key, codec.key, { models }, keyName);
  return revived(decoder, isUnknown(key) && made !== null ? reviver(made.key, models) : undefined);
};

const valueDecoder = (format: RecordFormat, { value: used, written }: Usage, models: Models): BytesDecoder => {
  const { value: type, codec, made } = format;
  if (type === null)
    return revived(
      (bytes) => unpack(parseJson(bytes, rootName), bytes),
      made === null ? undefined : reviver(made.value, models),
    );
  const fields = type.kind === 'model' ? models[type.model]?.fields : type.kind === 'record' ? type.fields : undefined;
  if (codec.value !== 'json' || fields === undefined) return bytesDecoder(type, codec.value, { models }, rootName);
  const parsed = jsonDecoder(new CheckCompiler(models, written).fields(fields, used), rootName);
  const flat = used === 'all' ? undefined : FlatJsonReader.for(fields, used, written);
  return flat === undefined ? parsed : (bytes) => flat.read(bytes) ?? parsed(bytes);
};

const revived = (decoder: BytesDecoder, revive: Revive | undefined): BytesDecoder =>
  revive === undefined ? decoder : (bytes) => revive(decoder(bytes));
