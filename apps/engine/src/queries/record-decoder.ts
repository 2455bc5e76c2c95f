import type { TopicRecord } from '@millrace/protocol';
import type { AppDocument, Field, Type } from '@millrace/spec';
import { type ConsumedRecord, compileTopicCodec, type RecordBatch } from '@millrace/streams';
import type { DeclaredTopic } from './declared-topics.ts';
import { keyText } from './row-order.ts';

const maxRawBytes = 65_536;
const mask = '••••';

/** A record decoded for people, and what an expression sees of it. */
export interface SeenRecord {
  readonly record: TopicRecord;
  readonly key: unknown;
  readonly value: unknown;
}

export type RecordDecoder = (batch: RecordBatch, record: ConsumedRecord) => SeenRecord;

/** Decodes with the declared model, its sensitive fields masked; without one, as JSON or text, whichever it looks like. */
export function recordDecoder(declared: DeclaredTopic | null): RecordDecoder {
  if (declared === null)
    return (batch, record) =>
      seen(batch, record, guess(record.key), guess(record.value), null, null, (value) => value, true);
  const { document, topic } = declared;
  const codec = compileTopicCodec(document, declared.id);
  const hide = masking(topic.value, document);
  const path = topic.eventTime.from === 'field' ? topic.eventTime.path : null;
  return (batch, record) => {
    const key = codec.key.decode(record.key);
    const value =
      record.value === null
        ? { ok: false as const, reason: 'the record has no value' }
        : codec.value.decode(record.value);
    const reason = key.ok ? (value.ok ? null : value.reason) : `its key: ${key.reason}`;
    const decoded = value.ok ? value.value : null;
    const eventTimeMs =
      path === null ? (topic.eventTime.from === 'record' ? record.timestampMs : null) : timeAt(decoded, path);
    return seen(
      batch,
      record,
      key.ok ? key.value : guess(record.key),
      decoded,
      eventTimeMs,
      reason,
      hide ?? ((same) => same),
      hide === null,
    );
  };
}

function seen(
  batch: RecordBatch,
  record: ConsumedRecord,
  key: unknown,
  value: unknown,
  eventTimeMs: number | null,
  reason: string | null,
  hide: (value: unknown) => unknown,
  showRaw: boolean,
): SeenRecord {
  const headers = Object.fromEntries(
    Object.entries(record.headers ?? {}).map(([name, bytes]) => [name, bytes.toString()]),
  );
  return {
    key,
    value,
    record: {
      partition: batch.partition,
      offset: String(batch.baseOffset + BigInt(record.delta)),
      timestampMs: record.timestampMs,
      eventTimeMs,
      key,
      keyText: key === null || key === undefined ? null : keyText(key),
      value: hide(value),
      reason,
      headers,
      sizeBytes: (record.key?.length ?? 0) + (record.value?.length ?? 0),
      raw: { key: base64(record.key), value: showRaw ? base64(record.value) : null },
    },
  };
}

const base64 = (bytes: Buffer | null): string | null => bytes?.subarray(0, maxRawBytes).toString('base64') ?? null;

/** JSON where it is a whole object or list; text else. */
function guess(bytes: Buffer | null): unknown {
  if (bytes === null) return null;
  const text = bytes.toString();
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // It only looked like JSON.
  }
}

function timeAt(value: unknown, path: readonly string[]): number | null {
  let at = value;
  for (const name of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined;
  return typeof at === 'number' ? at : null;
}

/** Hides the sensitive fields of a type; null when it has none. */
function masking(
  type: Type,
  document: AppDocument,
  above: readonly string[] = [],
): ((value: unknown) => unknown) | null {
  switch (type.kind) {
    case 'model': {
      if (above.includes(type.model)) return null;
      return maskingFields(document.models[type.model]?.fields ?? {}, document, [...above, type.model]);
    }
    case 'record':
      return maskingFields(type.fields, document, above);
    case 'list': {
      const item = masking(type.items, document, above);
      return item && ((value) => (Array.isArray(value) ? value.map(item) : value));
    }
    case 'map': {
      const entry = masking(type.values, document, above);
      return (
        entry &&
        ((value) =>
          isRecord(value)
            ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, entry(each)]))
            : value)
      );
    }
    default:
      return null;
  }
}

function maskingFields(
  fields: Readonly<Record<string, Field>>,
  document: AppDocument,
  above: readonly string[],
): ((value: unknown) => unknown) | null {
  const masks = Object.entries(fields).flatMap(([name, field]): [string, (value: unknown) => unknown][] => {
    const hide = field.sensitive
      ? (value: unknown) => (value === null ? null : mask)
      : masking(field.type, document, above);
    return hide === null ? [] : [[name, hide]];
  });
  if (masks.length === 0) return null;
  return (value) => {
    if (!isRecord(value)) return value;
    const shown = { ...value };
    for (const [name, hide] of masks) if (name in shown) shown[name] = hide(shown[name]);
    return shown;
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
