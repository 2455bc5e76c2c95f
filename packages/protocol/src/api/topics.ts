import * as z from 'zod';
import { recordTimeMs, timeMsText } from './time.ts';

export const topicSummary = z.object({
  name: z.string(),
  partitions: z.number().int(),
  replication: z.number().int(),
  /** Offsets from the first to the end: at most so many. What was compacted or aborted, and marks of transactions, take one as well. */
  records: z.number(),
  perSecond: z.number(),
  internal: z.boolean(),
  /** What Millrace knows of it. */
  role: z.enum(['topic', 'changelog', 'repartition', 'dead-letters', 'late', 'unknown']),
  apps: z.array(z.string()),
});
export type TopicSummary = z.infer<typeof topicSummary>;

export const topicDetail = topicSummary.extend({
  /** How many records it holds, of those that count; null: too many to be counted, `records` at most. */
  counted: z.number().int().nullable(),
  offsets: z.array(z.object({ partition: z.number().int(), earliest: z.string(), latest: z.string() })),
  configs: z.record(z.string(), z.string()),
  /** How records are shown: from the app that declares the topic. */
  declared: z
    .object({
      app: z.string(),
      topic: z.string(),
      key: z.string(),
      value: z.string(),
      codec: z.object({ key: z.string(), value: z.string() }),
      eventTime: z.string(),
      fields: z.array(z.object({ name: z.string(), type: z.string(), optional: z.boolean(), sensitive: z.boolean() })),
    })
    .nullable(),
});
export type TopicDetail = z.infer<typeof topicDetail>;

/**
 * One header: a record has them in their order, and a name any number of times. `text` is its value as UTF-8, null where there is none;
 * a value that is no UTF-8 is in `base64` instead, all of it.
 */
export const recordHeader = z.object({ name: z.string(), text: z.string().nullable(), base64: z.base64().optional() });
export type RecordHeader = z.infer<typeof recordHeader>;

/**
 * A record as people see it. `decoded` is null and `reason` says why when it does not decode. Raw bytes are base64. In lists a record of more than
 * 4 KiB is shown in part, `cut`: its long texts and lists end in an ellipsis; `whole=true` asks for all of it.
 */
export const topicRecord = z.object({
  partition: z.number().int(),
  offset: z.string(),
  timestampMs: z.number(),
  eventTimeMs: z.number().nullable(),
  key: z.unknown(),
  keyText: z.string().nullable(),
  value: z.unknown(),
  reason: z.string().nullable(),
  headers: z.array(recordHeader),
  sizeBytes: z.number().int(),
  raw: z.object({ key: z.string().nullable(), value: z.string().nullable() }),
  /** Something in it is sensitive: `••••` stands in its place, and raw bytes are not told. */
  masked: z.boolean(),
  /** Its value is null: it deletes its key. */
  tombstone: z.boolean(),
  cut: z.boolean(),
});
export type TopicRecord = z.infer<typeof topicRecord>;

const positions = z.array(z.object({ partition: z.number().int(), offset: z.string() }));
const at = z.string().regex(/^\d+:\d+(,\d+:\d+)*$/, 'is written partition:offset, several with commas: 0:120,1:98');

/**
 * `GET /api/v1/topics/{name}/records`. A search ends after some seconds, 50 000 records of a partition or 8 MB; `at` goes on where an answer's `next`
 * (`from=offset`) or `before` (`from=newest`) says.
 */
export const recordsQuery = z.object({
  from: z.enum(['newest', 'beginning', 'offset', 'time']).default('newest'),
  partition: z.coerce.number().int().optional(),
  offset: z.string().regex(/^\d+$/).optional(),
  at: at.optional(),
  timeMs: timeMsText.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  app: z.string().optional(),
  where: z.string().optional(),
  whole: z.stringbool().default(false),
});
export const recordsReply = z.object({
  records: z.array(topicRecord),
  /** Where reading on begins; of the newest, where what comes later begins. */
  next: positions,
  /** Of the newest: below these offsets nothing was looked at yet. */
  before: positions,
  /** How many records were looked at. */
  looked: z.number().int(),
  /** Whether nothing is left to look at in that direction. */
  done: z.boolean(),
});
/** `POST /api/v1/topics/{name}/records`: each is encoded with the declared model, and refused with problems where it does not fit. */
export const sendRecords = z.object({
  app: z.string().optional(),
  records: z
    .array(
      z.object({
        key: z.unknown().optional(),
        value: z.unknown(),
        timestampMs: recordTimeMs.optional(),
        partition: z.number().int().optional(),
        /** A list, or for short an object of texts by name. */
        headers: z.union([z.array(recordHeader), z.record(z.string(), z.string())]).optional(),
      }),
    )
    .min(1)
    .max(10_000),
});
export const sendReply = z.object({
  sent: z.number().int(),
  /** In words: what was written and will not stay. */
  warnings: z.array(z.string()).default([]),
});
