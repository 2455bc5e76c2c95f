import * as z from 'zod';
import { nearest } from '../suggestion.ts';
import type { Window } from './document.ts';
import { durationSchema, formatDuration } from './duration.ts';
import { fail, form, isMapping, read } from './form.ts';

const common = { grace: durationSchema(0).default(0), retention: durationSchema(1).optional() };
const tumblingForm = form('a tumbling window', { tumbling: durationSchema(1), ...common });
const hoppingForm = form('a hopping window', { hopping: durationSchema(1), every: durationSchema(1), ...common });

/** A window is one event's membership times this many; more is a mistake in the units. */
const maxWindowsPerEvent = 10_000;
const count = new Intl.NumberFormat('en-US');

/** `{ tumbling: 1m, grace: 0s }` or `{ hopping: 5m, every: 10s, grace: 30s }`. */
export const windowSchema: z.ZodType<Window> = z.unknown().transform((input, ctx): Window => {
  if (!isMapping(input)) {
    return fail(ctx, input, {
      code: 'wrong-type',
      message: 'a window is written as a mapping',
      hint: 'Write { tumbling: 1m } or { hopping: 5m, every: 10s }.',
    });
  }
  if ('sliding' in input || 'session' in input) {
    const kind = 'sliding' in input ? 'sliding' : 'session';
    return fail(ctx, input, {
      code: 'not-supported',
      path: [kind],
      showValue: false,
      message: `${kind} windows are not supported yet`,
      hint: 'A hopping window with a short step comes near: { hopping: 5m, every: 10s }.',
    });
  }
  if ('tumbling' in input) {
    const { tumbling, grace, retention } = read(tumblingForm, input, ctx);
    return withRetention({ kind: 'tumbling', sizeMs: tumbling, graceMs: grace }, retention, ctx);
  }
  if ('hopping' in input) {
    const { hopping, every, grace, retention } = read(hoppingForm, input, ctx);
    if (every > hopping || hopping / every > maxWindowsPerEvent) {
      return fail(ctx, input, {
        code: 'bad-value',
        path: ['every'],
        message:
          every > hopping
            ? `must not be longer than the window, ${formatDuration(hopping)}`
            : `puts each event into ${count.format(Math.ceil(hopping / every))} windows; ${count.format(maxWindowsPerEvent)} is the most`,
        hint:
          every > hopping
            ? 'Between such windows, events would belong to none.'
            : `Write at least every: ${formatDuration(Math.ceil(hopping / maxWindowsPerEvent))}, or a shorter window.`,
      });
    }
    return withRetention({ kind: 'hopping', sizeMs: hopping, everyMs: every, graceMs: grace }, retention, ctx);
  }
  const [written] = Object.keys(input);
  const meant = written === undefined ? undefined : nearest(written, ['tumbling', 'hopping']);
  return fail(ctx, input, {
    code: 'unknown-field',
    showValue: false,
    path: meant === undefined || written === undefined ? [] : [written],
    message: 'a window is either tumbling or hopping',
    hint: 'Write { tumbling: 1m } or { hopping: 5m, every: 10s }.',
    ...(meant === undefined ? {} : { meant: { rename: meant } }),
  });
});

function withRetention(window: Window, retentionMs: number | undefined, ctx: z.RefinementCtx): Window {
  if (retentionMs === undefined) return window;
  const least = window.sizeMs + window.graceMs;
  if (retentionMs >= least) return { ...window, retentionMs };
  return fail(ctx, retentionMs, {
    code: 'bad-value',
    path: ['retention'],
    message: `must be at least the window and its grace, ${formatDuration(least)}`,
  });
}
