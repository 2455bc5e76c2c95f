import { isUtf8 } from 'node:buffer';
import type { TopicRecord } from '@millrace/protocol';
import { keyText, masked, parseJson } from '@millrace/spec';
import {
  type ConsumedRecord,
  compileTopicCodec,
  eventTimeReader,
  type RecordBatch,
  type RecordHeaders,
  type UnreadableRange,
  unpackInner,
  unreadableWords,
} from '@millrace/streams';
import { systemClock } from '../system-clock.ts';
import { type Entry, isUnreadable } from './batch-entries.ts';
import type { DeclaredTopic } from './declared-topics.ts';
import { shownHeaders } from './record-headers.ts';
import type { TopicMask } from './topic-mask.ts';

const maxRawBytes = 16 * 1024 * 1024;

/** A record decoded for people, and what an expression sees of it. */
export interface SeenRecord {
  readonly record: TopicRecord;
  /** As they are: what the app's own steps take. */
  readonly key: unknown;
  readonly value: unknown;
  /** As people see them, what is sensitive masked: all that a filter of theirs may look at. */
  readonly shown: { readonly key: unknown; readonly value: unknown };
  readonly headers: RecordHeaders | undefined;
}

type Decode = (batch: RecordBatch, record: ConsumedRecord) => SeenRecord;
export type RecordDecoder = (batch: RecordBatch, entry: Entry) => SeenRecord;

/**
 * Decodes with the declared model; without one, as JSON or text, whichever it looks like. Offsets that cannot be read are seen as one record without
 * key and value, at the first of them, with the reason.
 */
export function recordDecoder(declared: DeclaredTopic | null, mask: TopicMask): RecordDecoder {
  const decode = decoderOf(declared, mask);
  return (batch, entry) => (isUnreadable(entry) ? unreadable(batch, entry, mask) : decode(batch, entry));
}

function unreadable(batch: RecordBatch, range: UnreadableRange, mask: TopicMask): SeenRecord {
  const record = {
    delta: Number(range.from - batch.baseOffset),
    timestampMs: range.timestampMs,
    key: null,
    value: null,
  };
  const reason = `${unreadableWords(range)}: ${range.reason}`;
  const shown = seen(batch, record, mask, { key: null, value: null, eventTimeMs: null, reason });
  return { ...shown, record: { ...shown.record, tombstone: false } };
}

function decoderOf(declared: DeclaredTopic | null, mask: TopicMask): Decode {
  if (declared === null)
    return (batch, record) =>
      seen(batch, record, mask, {
        key: guess(record.key),
        value: guess(record.value),
        eventTimeMs: null,
        reason: null,
      });
  const { document, topic } = declared;
  const codec = compileTopicCodec(document, declared.id);
  const timeOf = eventTimeReader(topic, document);
  return (batch, record) => {
    const key = codec.key.decode(record.key);
    const value = codec.value.decode(record.value);
    const decoded = value.ok ? value.value : null;
    // A tombstone has no value to carry a time.
    const time = record.value === null ? null : timeOf(decoded, record.timestampMs, systemClock.now());
    const timeReason = time === null || time.ok ? null : time.reason;
    return seen(batch, record, mask, {
      key: key.ok ? key.value : guess(record.key),
      value: decoded,
      eventTimeMs: time?.ok ? time.timestampMs : null,
      reason: key.ok ? (value.ok ? timeReason : value.reason) : `its key: ${key.reason}`,
    });
  };
}

interface DecodedRecord extends Pick<TopicRecord, 'eventTimeMs' | 'reason'> {
  readonly key: unknown;
  readonly value: unknown;
}

function seen(
  batch: RecordBatch,
  record: ConsumedRecord,
  mask: TopicMask,
  { key, value, eventTimeMs, reason }: DecodedRecord,
): SeenRecord {
  const sensitive = mask(record);
  const shown = { key: masked(key, sensitive.key), value: masked(value, sensitive.value) };
  return {
    key,
    value,
    shown,
    headers: record.headers,
    record: {
      partition: batch.partition,
      offset: String(batch.baseOffset + BigInt(record.delta)),
      timestampMs: record.timestampMs,
      eventTimeMs,
      key: shown.key,
      keyText: shown.key === null || shown.key === undefined ? null : keyText(shown.key),
      value: shown.value,
      reason,
      headers: shownHeaders(record.headers),
      sizeBytes: (record.key?.length ?? 0) + (record.value?.length ?? 0),
      raw: {
        key: sensitive.key === false ? base64(record.key) : null,
        value: sensitive.value === false ? base64(record.value) : null,
      },
      masked: sensitive.key !== false || sensitive.value !== false,
      tombstone: record.value === null,
      cut: false,
    },
  };
}

const base64 = (bytes: Buffer | null): string | null => bytes?.subarray(0, maxRawBytes).toString('base64') ?? null;

/** JSON where it is a whole object or list; text else, and bytes that are no text in hexadecimal digits. */
function guess(bytes: Buffer | null): unknown {
  if (bytes === null) return null;
  if (!isUtf8(bytes)) return `0x${bytes.toString('hex')}`;
  const text = bytes.toString();
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    // Between the stages of an app, a value has more with it than its fields.
    return unpackInner(parseJson(text), bytes);
  } catch {
    return text; // It only looked like JSON, or is nested too deep to be walked.
  }
}
