import * as z from 'zod';
import type { Window } from '../document/document.ts';
import { fail, isMapping, read } from '../document/form.ts';
import { nearest, oneOf } from '../suggestion.ts';
import { hoppingSchema } from './hopping-schema.ts';
import { tumblingSchema } from './tumbling-schema.ts';
import { windowKinds } from './window-kinds.ts';

const schemas: { readonly [K in Window['kind']]: z.ZodType<Extract<Window, { kind: K }>> } = {
  tumbling: tumblingSchema,
  hopping: hoppingSchema,
};

const kinds = Object.keys(windowKinds) as Window['kind'][]; // its keys
const hint = `Write ${oneOf(
  kinds.map((kind) => windowKinds[kind].example),
  20,
)}.`;
const later = ['sliding', 'session'];

/** `{ tumbling: 1m, grace: 0s }` or `{ hopping: 5m, every: 10s, grace: 30s }`. */
export const windowSchema: z.ZodType<Window> = z.unknown().transform((input, ctx): Window => {
  if (!isMapping(input)) {
    return fail(ctx, input, { code: 'wrong-type', message: 'a window is written as a mapping', hint });
  }
  const unsupported = later.find((word) => word in input);
  if (unsupported !== undefined) {
    return fail(ctx, input, {
      code: 'not-supported',
      path: [unsupported],
      showValue: false,
      message: `${unsupported} windows are not supported yet`,
      hint: `A hopping window with a short step comes near: ${windowKinds.hopping.example}.`,
    });
  }
  const kind = kinds.find((word) => word in input);
  if (kind !== undefined) return read(schemas[kind], input, ctx);
  const [written] = Object.keys(input);
  const meant = written === undefined ? undefined : nearest(written, kinds);
  return fail(ctx, input, {
    code: 'unknown-field',
    showValue: false,
    path: meant === undefined || written === undefined ? [] : [written],
    message: `a window is either ${oneOf(kinds, 20)}`,
    hint,
    ...(meant === undefined ? {} : { meant: { rename: meant } }),
  });
});
