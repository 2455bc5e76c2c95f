import * as z from 'zod';

/** `POST /api/v1/generators`. */
export const startGenerator = z.object({
  /** A generator of the examples: `logins`, … */
  generator: z.string(),
  topic: z.string(),
  app: z.string().optional(),
  ratePerSecond: z.number().min(0.1).max(200_000).default(100),
  /** 0: every key alike; 1: Zipf, few keys dominate; up to 2. */
  skew: z.number().min(0).max(2).default(1),
  /** Stops after this many; absent: until stopped. */
  count: z.number().int().min(1).optional(),
  /** Same seed, same events. */
  seed: z.number().int().optional(),
});
export const generator = z.object({
  id: z.string(),
  generator: z.string(),
  topic: z.string(),
  ratePerSecond: z.number(),
  skew: z.number(),
  count: z.number().nullable(),
  seed: z.number(),
  state: z.enum(['running', 'done', 'stopped', 'failed']),
  reason: z.string().nullable(),
  sent: z.number(),
  actualPerSecond: z.number(),
  startedMs: z.number(),
});
export type Generator = z.infer<typeof generator>;
export type StartGenerator = z.input<typeof startGenerator>;
