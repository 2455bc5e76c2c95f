import * as z from 'zod';
import { formatDuration, parseDuration, safeMs } from './duration.ts';
import { fail } from './form.ts';

/** A duration as written, to milliseconds; `minMs` is the least allowed. */
export const durationSchema = (minMs: number): z.ZodType<number> =>
  z.unknown().transform((input, ctx) => {
    const ms = typeof input === 'number' ? safeMs(input) : typeof input === 'string' ? parseDuration(input) : null;
    if (ms === null) {
      return fail(ctx, input, {
        code: 'bad-duration',
        message: 'must be a duration',
        hint: 'Write 500ms, 10s, 5m, 1h or 7d; a bare number is milliseconds.',
      });
    }
    if (ms < minMs) {
      return fail(ctx, input, { code: 'bad-value', message: `must be at least ${formatDuration(minMs)}` });
    }
    return ms;
  });
