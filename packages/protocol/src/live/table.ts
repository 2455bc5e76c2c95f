import { doubleOf, isExact } from '@millrace/spec';
import * as z from 'zod';
import { tableEntity } from './graph.ts';

/** A number for a drawing: a double, also where its text would be read as a long or a decimal. */
const figure = z.preprocess((value) => (isExact(value) ? doubleOf(value) : value), z.number());

/** `row:{key text}@{windowStartMs or empty}`. */
export const rowEntity = z.object({
  id: z.string(),
  type: z.literal('row'),
  partition: z.number().int(),
  key: z.unknown(),
  keyText: z.string(),
  windowStartMs: z.number().nullable(),
  windowEndMs: z.number().nullable(),
  open: z.boolean(),
  value: z.record(z.string(), z.unknown()),
  updatedMs: z.number(),
  trend: z.array(figure).optional(),
});
/** `page`: how much there is. */
export const pageEntity = z.object({
  id: z.literal('page'),
  type: z.literal('page'),
  matched: z.number(),
  total: z.number(),
  /** The filter had no time to look at every row: more may match. */
  partial: z.boolean(),
  offset: z.number(),
});
/** `windows`: the scrubber, oldest first; `sum` of the first numeric column. */
export const windowsEntity = z.object({
  id: z.literal('windows'),
  type: z.literal('windows'),
  column: z.string().nullable(),
  windows: z.array(
    z.object({ startMs: z.number(), endMs: z.number(), rows: z.number(), sum: figure, open: z.boolean() }),
  ),
});
export const tableChannelEntity = z.discriminatedUnion('type', [rowEntity, pageEntity, windowsEntity, tableEntity]);
export type TableChannelEntity = z.infer<typeof tableChannelEntity>;
export type RowEntity = z.infer<typeof rowEntity>;
export type PageEntity = z.infer<typeof pageEntity>;
export type WindowsEntity = z.infer<typeof windowsEntity>;
