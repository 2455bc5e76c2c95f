import * as z from 'zod';
import { fail, isMapping, read } from './form.ts';
import { inQuotes } from './schema-problem.ts';

/** Names that every JavaScript object answers to; an element of that name could not be told from its absence. */
const reserved = new Set([...Object.getOwnPropertyNames(Object.prototype)]);

/** Why `id` can't name an app, a topic, a table, an agent or a step; null when it can. */
export function idProblem(id: string): string | null {
  if (id.length > 100) return 'is longer than 100 characters';
  if (reserved.has(id)) return 'is a reserved word';
  return /^[a-z0-9][a-z0-9._-]*$/.test(id)
    ? null
    : 'may hold only a–z, 0–9, ., _ and -, and starts with a letter or digit';
}

/** Why `name` can't name a model; null when it can. */
export function modelNameProblem(name: string): string | null {
  if (name.length > 100) return 'is longer than 100 characters';
  if (reserved.has(name)) return 'is a reserved word';
  return /^[A-Za-z_$][\w$]*$/.test(name)
    ? null
    : 'must be an identifier: letters, digits and _, not starting with a digit';
}

/** Why `name` can't name a field or an aggregate; null when it can. */
export function fieldNameProblem(name: string): string | null {
  if (name.length === 0) return 'is empty';
  if (name.length > 200) return 'is longer than 200 characters';
  return reserved.has(name) ? 'is a reserved word' : null;
}

/** The nearest legal id: `My Topic` → `my-topic`. */
export function slug(text: string): string {
  const id = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 100);
  return id === '' || reserved.has(id) ? 'unnamed' : id;
}

export const idSchema = z.unknown().transform((input, ctx): string => {
  if (input === undefined)
    return fail(ctx, input, { code: 'missing-field', message: 'needs a name', showValue: false });
  if (typeof input !== 'string')
    return fail(ctx, input, {
      code: 'bad-id',
      message: 'must be a name',
      ...((typeof input === 'number' || typeof input === 'boolean') && { hint: inQuotes }),
    });
  const why = idProblem(input);
  return why === null ? input : fail(ctx, input, { code: 'bad-id', message: why, meant: { value: slug(input) } });
});

/**
 * Elements by name, in the order they are written. `null` and absence are an empty collection, as YAML's `topics:` with nothing below it.
 * Every element is read, so that all faults are found at once.
 */
export function collection<S extends z.ZodType>(
  what: string,
  element: S,
  nameProblem: (name: string) => string | null,
): z.ZodType<Readonly<Record<string, z.output<S>>>> {
  return z.unknown().transform((input, ctx): Readonly<Record<string, z.output<S>>> => {
    const elements: Record<string, z.output<S>> = {};
    if (input === undefined || input === null) return elements;
    if (!isMapping(input)) {
      return fail(ctx, input, {
        code: 'wrong-type',
        message: `must be a mapping from the name of ${what} to what it is`,
      });
    }
    for (const [name, value] of Object.entries(input)) {
      const why = nameProblem(name);
      if (why !== null) {
        const better = slug(name);
        fail(ctx, input, {
          code: 'bad-id',
          path: [name],
          showValue: false,
          message: `the name ${JSON.stringify(name)} ${why}`,
          ...(nameProblem === idProblem && !(better in input) ? { meant: { rename: better } } : {}),
        });
        continue;
      }
      elements[name] = read(element, value, ctx, [name]);
    }
    return elements;
  });
}
