import type { Problem } from '@millrace/spec';
import * as z from 'zod';

/** A `Problem` of the spec as it travels. */
export const rawProblem = z.custom<Problem>(
  (value) => typeof value === 'object' && value !== null && 'code' in value && 'message' in value,
);

/** The body of every answer that is not 2xx. 400: `problems` lists what does not validate. 409: `code` is `stale-draft`, `app-exists`, … */
export const apiError = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    problems: z.array(rawProblem).optional(),
    /** stale-draft: the revision and text that are there now. */
    current: z.object({ revision: z.number().int(), text: z.string() }).optional(),
  }),
});
export type ApiError = z.infer<typeof apiError>;
