import * as z from 'zod';
import type { Window } from '../document/document.ts';
import { durationSchema } from '../document/duration-schema.ts';
import { form, read } from '../document/form.ts';
import { windowFields, withRetention } from './window-fields.ts';

type Tumbling = Extract<Window, { kind: 'tumbling' }>;

const tumblingForm = form('a tumbling window', { tumbling: durationSchema(1), ...windowFields });

/** Reads the authored mapping of a tumbling window. */
export const tumblingSchema: z.ZodType<Tumbling> = z.unknown().transform((input, ctx): Tumbling => {
  const { tumbling: sizeMs, grace, retention } = read(tumblingForm, input, ctx);
  return withRetention({ kind: 'tumbling', sizeMs, graceMs: grace }, retention, ctx);
});
