import * as z from 'zod';
import type { Window } from '../document/document.ts';
import { formatDuration } from '../document/duration.ts';
import { durationSchema } from '../document/duration-schema.ts';
import { fail, form, read } from '../document/form.ts';
import { windowFields, withRetention } from './window-fields.ts';

type Hopping = Extract<Window, { kind: 'hopping' }>;

const hoppingForm = form('a hopping window', {
  hopping: durationSchema(1),
  every: durationSchema(1),
  ...windowFields,
});

/** A window is one event's membership times this many; more is a mistake in the units. */
const maxWindowsPerEvent = 10_000;
const count = new Intl.NumberFormat('en-US');

/** Reads the authored mapping of a hopping window. */
export const hoppingSchema: z.ZodType<Hopping> = z.unknown().transform((input, ctx): Hopping => {
  const { hopping: sizeMs, every, grace, retention } = read(hoppingForm, input, ctx);
  if (every > sizeMs)
    return fail(ctx, input, {
      code: 'bad-value',
      path: ['every'],
      message: `must not be longer than the window, ${formatDuration(sizeMs)}`,
      hint: 'Between such windows, events would belong to none.',
    });
  if (sizeMs / every > maxWindowsPerEvent)
    return fail(ctx, input, {
      code: 'bad-value',
      path: ['every'],
      message: `puts each event into ${count.format(Math.ceil(sizeMs / every))} windows; ${count.format(maxWindowsPerEvent)} is the most`,
      hint: `Write at least every: ${formatDuration(Math.ceil(sizeMs / maxWindowsPerEvent))}, or a shorter window.`,
    });
  return withRetention({ kind: 'hopping', sizeMs, everyMs: every, graceMs: grace }, retention, ctx);
});
