import * as z from 'zod';
import { topicRecord } from '../api/topics.ts';

/** `record:{partition}/{offset}`. */
export const recordEntity = topicRecord.extend({ id: z.string(), type: z.literal('record') });
/** `tail`: exact counts since the subscription; `seen = shown + skipped + filtered`, also while paused. */
export const tailEntity = z.object({
  id: z.literal('tail'),
  type: z.literal('tail'),
  seen: z.number(),
  shown: z.number(),
  skipped: z.number(),
  filtered: z.number(),
  paused: z.boolean(),
  newWhilePaused: z.number(),
  perSecond: z.number(),
});
export const tailChannelEntity = z.discriminatedUnion('type', [recordEntity, tailEntity]);
export type RecordEntity = z.infer<typeof recordEntity>;
export type TailEntity = z.infer<typeof tailEntity>;
export type TailChannelEntity = z.infer<typeof tailChannelEntity>;
