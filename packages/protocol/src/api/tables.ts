import * as z from 'zod';
import { timeMsText } from './time.ts';

/** `GET /api/v1/tables/{app}/{table}`; the rows of `live/table.ts`, without ids. */
export const tableQuery = z.object({
  key: z.string().optional(),
  search: z.string().optional(),
  where: z.string().optional(),
  windows: z.enum(['latest', 'open', 'all']).or(timeMsText.transform(String)).default('latest'),
  sort: z.string().optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100_000).default(100),
});
export const tableRow = z.object({
  key: z.unknown(),
  windowStartMs: z.number().nullable(),
  windowEndMs: z.number().nullable(),
  open: z.boolean(),
  value: z.record(z.string(), z.unknown()),
  updatedMs: z.number(),
  partition: z.number().int(),
});
export const tableReply = z.object({
  app: z.string(),
  table: z.string(),
  columns: z.array(z.string()),
  matched: z.number(),
  total: z.number(),
  /** The filter had no time to look at every row: more may match. */
  partial: z.boolean(),
  rows: z.array(tableRow),
  /** Partitions that nobody serves now. */ missing: z.array(z.number().int()),
});
export type TableReply = z.infer<typeof tableReply>;
/** `GET /api/v1/tables/{app}/{table}/records?key=…&windowStart=…`: the source records behind a row, as far as they are still kept. */
export const behindQuery = z.object({
  key: z.string(),
  windowStart: timeMsText.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
