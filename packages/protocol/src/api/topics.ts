import * as z from 'zod';

export const topicSummary = z.object({
  name: z.string(),
  partitions: z.number().int(),
  replication: z.number().int(),
  records: z.number(),
  perSecond: z.number(),
  internal: z.boolean(),
  /** What Millrace knows of it. */
  role: z.enum(['topic', 'changelog', 'repartition', 'dead-letters', 'late', 'unknown']),
  apps: z.array(z.string()),
});
export type TopicSummary = z.infer<typeof topicSummary>;

export const topicDetail = topicSummary.extend({
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

/** A record as people see it. `decoded` is null and `reason` says why when it does not decode. Raw bytes are base64, cut at 64 KiB. */
export const topicRecord = z.object({
  partition: z.number().int(),
  offset: z.string(),
  timestampMs: z.number(),
  eventTimeMs: z.number().nullable(),
  key: z.unknown(),
  keyText: z.string().nullable(),
  value: z.unknown(),
  reason: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  sizeBytes: z.number().int(),
  raw: z.object({ key: z.string().nullable(), value: z.string().nullable() }),
});
export type TopicRecord = z.infer<typeof topicRecord>;

/** `GET /api/v1/topics/{name}/records`. */
export const recordsQuery = z.object({
  from: z.enum(['newest', 'beginning', 'offset', 'time']).default('newest'),
  partition: z.coerce.number().int().optional(),
  offset: z.string().regex(/^\d+$/).optional(),
  timeMs: z.coerce.number().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  app: z.string().optional(),
  where: z.string().optional(),
});
export const recordsReply = z.object({
  records: z.array(topicRecord),
  next: z.array(z.object({ partition: z.number().int(), offset: z.string() })),
});
/** `POST /api/v1/topics/{name}/records`: each is encoded with the declared model, and refused with problems where it does not fit. */
export const sendRecords = z.object({
  app: z.string().optional(),
  records: z
    .array(
      z.object({
        key: z.unknown().optional(),
        value: z.unknown(),
        timestampMs: z.number().optional(),
        partition: z.number().int().optional(),
        headers: z.record(z.string(), z.string()).optional(),
      }),
    )
    .min(1)
    .max(10_000),
});
export const sendReply = z.object({ sent: z.number().int() });
