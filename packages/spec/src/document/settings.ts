import * as z from 'zod';
import { durationSchema } from './duration-schema.ts';
import { form } from './form.ts';
import { kafkaNameSchema } from './topic.ts';

/** Settings as they are written; durations read, defaults in place. `deadLetters` is a topic of the document, or of Kafka. */
export const settingsSchema = form('settings', {
  commit: durationSchema(10).default(500),
  buffer: z.int().min(1).max(1_000_000).default(4096),
  bufferResume: z.number().min(0).max(1).default(0.4),
  idle: durationSchema(100).default(10_000),
  startFrom: z.enum(['earliest', 'latest']).default('earliest'),
  deadLetters: kafkaNameSchema.optional(),
});
