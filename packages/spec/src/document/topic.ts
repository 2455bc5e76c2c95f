import * as z from 'zod';
import { oneOf } from '../suggestion.ts';
import { type Codec, codecs, type EventTime, type Topic } from './document.ts';
import { durationSchema } from './duration-schema.ts';
import { authoredTypeSchema } from './field.ts';
import { fail, form, isMapping, read } from './form.ts';
import type { Type } from './type.ts';

/** What Kafka takes as a topic's name. */
export const isKafkaName = (name: string): boolean =>
  /^[A-Za-z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..';

export const kafkaNameSchema: z.ZodType<string> = z.string().transform((name, ctx) =>
  isKafkaName(name)
    ? name
    : fail(ctx, name, {
        code: 'bad-name',
        message: 'is no name for a Kafka topic',
        hint: 'At most 249 letters, digits, dots, underscores and dashes.',
      }),
);

const retentionSchema: z.ZodType<number> = z.unknown().transform((input, ctx): number => {
  if (input === 'forever' || input === -1) return -1;
  return read(durationSchema(1), input, ctx);
});

const codecSchema: z.ZodType<Codec> = z.unknown().transform((input, ctx): Codec => {
  if (input === 'avro') {
    return fail(ctx, input, {
      code: 'not-supported',
      message: 'Avro is not supported yet',
      showValue: false,
      hint: `Use ${oneOf(codecs)}.`,
      meant: { value: 'json' },
    });
  }
  return read(z.enum(codecs), input, ctx);
});

const codecForm = form('a codec', { key: codecSchema.optional(), value: codecSchema.optional() });

/** One codec for the value, or `{ key, value }`. */
const codecsSchema = z.unknown().transform((input, ctx): { key?: Codec | undefined; value?: Codec | undefined } => {
  if (isMapping(input)) return read(codecForm, input, ctx);
  return { value: read(codecSchema, input, ctx) };
});

const eventTimeSchema: z.ZodType<EventTime> = z.unknown().transform((input, ctx): EventTime => {
  if (input === 'record' || input === 'now') return { from: input };
  if (typeof input === 'string' && /^value(\.[A-Za-z_$][\w$]*)+$/.test(input)) {
    return { from: 'field', path: input.split('.').slice(1) };
  }
  return fail(ctx, input, {
    code: 'bad-value',
    message: 'must say where event time comes from',
    hint: "Write a field, as value.ts; or record, for Kafka's timestamp; or now.",
  });
});

/** Clocks differ by less; more is a fault of whoever wrote it. */
const hourMs = 3_600_000;

const topicForm = form('a topic', {
  label: z.string().optional(),
  name: kafkaNameSchema.optional(),
  partitions: z.int().min(1).max(10_000).default(4),
  replication: z.int().min(1).max(32).default(1),
  retention: retentionSchema.optional(),
  cleanup: z.enum(['delete', 'compact']).default('delete'),
  key: authoredTypeSchema.optional(),
  value: authoredTypeSchema.optional(),
  codec: codecsSchema.optional(),
  eventTime: eventTimeSchema.default({ from: 'record' }),
  maxAhead: durationSchema(0).default(hourMs),
  isolation: z.enum(['read_committed', 'read_uncommitted']).default('read_committed'),
  onDecodeError: z.enum(['dead-letter', 'skip', 'stop']).default('dead-letter'),
});

/** A topic, without its Kafka name where that is the element's id. */
export const topicSchema = z.unknown().transform((input, ctx): Omit<Topic, 'name'> & { name?: string } => {
  const { label, name, retention, codec, value, maxAhead, ...topic } = read(topicForm, input ?? {}, ctx);
  const key = topic.key ?? typeOf[codec?.key ?? 'string'];
  return {
    ...topic,
    ...(label === undefined ? {} : { label }),
    ...(name === undefined ? {} : { name }),
    ...(retention === undefined ? {} : { retentionMs: retention }),
    maxAheadMs: maxAhead,
    key,
    value: value ?? typeOf[codec?.value ?? 'string'],
    codec: {
      key: codec?.key ?? defaultKeyCodec(key),
      value: codec?.value ?? (value === undefined ? 'string' : 'json'),
    },
  };
});

/** What is read with a codec where nothing is said of its type. */
const typeOf: Readonly<Record<Codec, Type>> = {
  json: { kind: 'string' },
  string: { kind: 'string' },
  raw: { kind: 'bytes' },
  int32: { kind: 'int' },
  int64: { kind: 'long' },
  double: { kind: 'double' },
  uuid: { kind: 'uuid' },
};

/** Primitives are keyed by their text, as Kafka's own tools write them. */
function defaultKeyCodec(key: Type): Codec {
  switch (key.kind) {
    case 'bytes':
      return 'raw';
    case 'list':
    case 'map':
    case 'model':
    case 'record':
    case 'union':
      return 'json';
    default:
      return 'string';
  }
}
