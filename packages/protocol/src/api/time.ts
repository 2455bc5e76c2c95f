import { maxTimeMs } from '@millrace/spec';
import * as z from 'zod';

const whole = 'takes whole milliseconds since 1970';

const wholeMs = (ms: z.ZodNumber) =>
  ms
    .refine(Number.isInteger, { message: whole, abort: true })
    .min(-maxTimeMs, 'is a time that cannot be: at least -8640000000000000 ms')
    .max(maxTimeMs, 'is a time that cannot be: at most 8640000000000000 ms');

/** A time in JSON, epoch ms. */
export const timeMs = wholeMs(z.number());

/** A time in a query string, epoch ms. */
export const timeMsText = wholeMs(z.coerce.number({ message: whole }));

/** Kafka's timestamp of a record: it has none before 1970. */
export const recordTimeMs = timeMs.min(
  0,
  'is before 1970, and Kafka has no such timestamps: let a field of the value say it',
);
