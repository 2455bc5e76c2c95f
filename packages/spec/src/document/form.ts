/**
 * What the schemas of this folder share: closed objects that name the field that was probably meant, and faults that carry their code,
 * hint and remedy through zod.
 */
import * as z from 'zod';
import type { DocumentPath, Problem, ProblemCode } from '../problem.ts';
import { nearest, oneOf } from '../suggestion.ts';

/** What a schema says beyond a path and a message. The path is relative to the value that is being read. */
export interface Fault extends Pick<Problem, 'code' | 'message' | 'hint' | 'span'> {
  readonly path?: DocumentPath;
  /** Leave out to have the value that stands there added to the message. */
  readonly showValue?: false;
  /** The obvious remedy: rename the key at the path, or put this value there. */
  readonly meant?: { readonly rename: string } | { readonly value: unknown };
}

/** Reports a fault; returns zod's NEVER, which makes it the last word of a transform. */
export function fail(ctx: z.RefinementCtx, input: unknown, fault: Fault): never {
  ctx.addIssue({
    code: 'custom',
    input,
    message: fault.message,
    path: fault.path === undefined ? [] : [...fault.path],
    params: { fault },
  });
  return z.NEVER;
}

/** The fault that `fail` put into an issue. */
export function faultOf(issue: z.core.$ZodIssue): Fault | undefined {
  return issue.code === 'custom' ? (issue.params?.['fault'] as Fault | undefined) : undefined; // only `fail` sets it
}

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads with another schema inside a transform; its faults become faults here, below `path`. */
export function read<S extends z.ZodType>(
  schema: S,
  input: unknown,
  ctx: z.RefinementCtx,
  path: DocumentPath = [],
): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const { message, ...rest } = issue;
    ctx.addIssue({ ...rest, message, input, path: [...path, ...issue.path] } as Parameters<typeof ctx.addIssue>[0]); // a zod issue is one it takes
  }
  return z.NEVER;
}

/** A closed object: an unknown key is a fault that names the nearest known one. `what` reads as in "a topic". */
export function form<S extends z.ZodRawShape>(what: string, shape: S) {
  const schema = z.object(shape);
  const known = Object.keys(shape);
  // Present though undefined: so that the transforms below, not zod, say what an absent key means.
  const absent = Object.fromEntries(known.map((key) => [key, undefined]));
  return z.unknown().transform((input, ctx): z.output<typeof schema> => {
    if (!isMapping(input)) {
      return fail(ctx, input, {
        code: 'wrong-type',
        message: `${what} is written as a mapping`,
        hint: `Its fields are ${oneOf(known, 20)}.`,
      });
    }
    for (const key of Object.keys(input)) {
      if (!known.includes(key)) unknownKey(ctx, input, key, what, known);
    }
    return read(schema, { ...absent, ...input }, ctx);
  });
}

/** Reports a key that `what` does not have. */
export function unknownKey(
  ctx: z.RefinementCtx,
  input: unknown,
  key: string,
  what: string,
  known: readonly string[],
  code: ProblemCode = 'unknown-field',
): void {
  const meant = nearest(key, known);
  fail(ctx, input, {
    code,
    path: [key],
    showValue: false,
    message: `${what} has no field ${key}`,
    hint: meant === undefined ? `Its fields are ${oneOf(known, 20)}.` : `Did you mean ${meant}?`,
    ...(meant === undefined ? {} : { meant: { rename: meant } }),
  });
}
