import type * as z from 'zod';
import type { Window } from '../document/document.ts';
import { formatDuration } from '../document/duration.ts';
import { durationSchema } from '../document/duration-schema.ts';
import { fail } from '../document/form.ts';

/** What windows of every kind may say. */
export const windowFields = { grace: durationSchema(0).default(0), retention: durationSchema(1).optional() };

/** A window that is kept so long, ms; a fault where that is shorter than it lives. */
export function withRetention<W extends Window>(window: W, retentionMs: number | undefined, ctx: z.RefinementCtx): W {
  if (retentionMs === undefined) return window;
  const least = window.sizeMs + window.graceMs;
  if (retentionMs >= least) return { ...window, retentionMs };
  return fail(ctx, retentionMs, {
    code: 'bad-value',
    path: ['retention'],
    message: `must be at least the window and its grace, ${formatDuration(least)}`,
  });
}
