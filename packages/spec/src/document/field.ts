import * as z from 'zod';
import { patternProblem } from '../expressions/pattern.ts';
import { nearest } from '../suggestion.ts';
import { fail, form, isMapping, read, unknownKey } from './form.ts';
import { collection, fieldNameProblem } from './id.ts';
import type { Field, Type } from './type.ts';
import { parseType } from './type-text.ts';

const attributes = [
  'type',
  'enum',
  'union',
  'optional',
  'default',
  'min',
  'max',
  'minLength',
  'maxLength',
  'pattern',
  'alias',
  'sensitive',
  'label',
];

const attributeSchema = z.object({
  optional: z.boolean().optional(),
  default: z.unknown().optional(),
  min: z.union([z.number(), z.string()]).optional(),
  max: z.union([z.number(), z.string()]).optional(),
  minLength: z.int().min(0).optional(),
  maxLength: z.int().min(0).optional(),
  pattern: z.string().optional(),
  alias: z.string().min(1).optional(),
  sensitive: z.boolean().optional(),
  label: z.string().optional(),
});

/** What only the long form can say; in a mapping without it, the keys are the fields of an inline record. */
function isTypeForm(input: Readonly<Record<string, unknown>>): boolean {
  if (Array.isArray(input['enum']) || Array.isArray(input['union'])) return true;
  if (!('type' in input)) return false;
  const others = Object.keys(input).filter((key) => !attributes.includes(key));
  return others.length === 0 || others.some((key) => typeof input[key] !== 'string' && !isMapping(input[key]));
}

function readTypeText(text: string, ctx: z.RefinementCtx, path: readonly string[]): { type: Type; optional: boolean } {
  const parsed = parseType(text);
  if ('type' in parsed) return parsed;
  return fail(ctx, text, {
    code: 'bad-type',
    path,
    message: parsed.message,
    span: parsed.span,
    hint: 'Types are string, long, double, boolean, timestamp, …, list<T>, map<T>, a model, or { enum: [a, b] }.',
  });
}

/** The type that a mapping spells out, and whether its text ends in `?`. */
function readTypeForm(
  input: Readonly<Record<string, unknown>>,
  ctx: z.RefinementCtx,
): { type: Type; optional: boolean } {
  if (input['enum'] !== undefined) {
    const values = read(z.array(z.coerce.string().min(1)).min(1), input['enum'], ctx, ['enum']);
    return { type: { kind: 'enum', values }, optional: false };
  }
  if (input['union'] !== undefined) {
    return {
      type: { kind: 'union', of: read(z.array(typeTextSchema).min(1), input['union'], ctx, ['union']) },
      optional: false,
    };
  }
  const type = input['type'];
  if (typeof type === 'string') return readTypeText(type, ctx, ['type']);
  return { type: read(authoredTypeSchema, type, ctx, ['type']), optional: false };
}

/** A field: `string`, `string?`, `{ type: string, optional: true, … }`, `{ enum: [a, b] }`, or an inline record. */
export const fieldSchema: z.ZodType<Field> = z.unknown().transform((input, ctx): Field => {
  if (typeof input === 'string') {
    const { type, optional } = readTypeText(input, ctx, []);
    return { type, optional, sensitive: false };
  }
  if (!isMapping(input)) {
    return fail(ctx, input, { code: 'wrong-type', message: 'must be a type', hint: 'Write a type, as in ip: string.' });
  }
  if (!isTypeForm(input)) {
    return { type: { kind: 'record', fields: read(fieldsSchema, input, ctx) }, optional: false, sensitive: false };
  }
  for (const key of Object.keys(input)) {
    if (!attributes.includes(key)) unknownKey(ctx, input, key, 'a field', attributes);
  }
  const { type, optional } = readTypeForm(input, ctx);
  const said = read(attributeSchema, input, ctx);
  if (said === z.NEVER) return z.NEVER;
  const why = said.pattern === undefined ? null : patternProblem(said.pattern);
  if (why !== null) return fail(ctx, input, { code: 'bad-value', path: ['pattern'], message: why });
  return {
    ...present(said),
    type,
    optional: said.optional ?? optional,
    sensitive: said.sensitive ?? false,
  };
});

/** Without the keys whose value is undefined. */
function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>; // what is undefined was taken out
  };
}

const typeTextSchema: z.ZodType<Type> = z.unknown().transform((input, ctx): Type => {
  if (isMapping(input)) return read(authoredTypeSchema, input, ctx);
  if (typeof input !== 'string') return fail(ctx, input, { code: 'wrong-type', message: 'must be a type' });
  const { type, optional } = readTypeText(input, ctx, []);
  if (!optional) return type;
  return fail(ctx, input, {
    code: 'bad-type',
    message: 'only a field can be optional',
    meant: { value: input.replace(/\s*\?\s*$/, '') },
  });
});

/** A type that is not a field's: of a key or a value. A mapping is an inline record, unless it says `enum` or `union`. */
export const authoredTypeSchema: z.ZodType<Type> = z.lazy(() =>
  z.unknown().transform((input, ctx): Type => {
    if (!isMapping(input)) return read(typeTextSchema, input, ctx);
    if (isTypeForm(input)) return readTypeForm(input, ctx).type;
    return { kind: 'record', fields: read(fieldsSchema, input, ctx) };
  }),
);

export const fieldsSchema: z.ZodType<Readonly<Record<string, Field>>> = z.lazy(() =>
  collection('a field', fieldSchema, fieldNameProblem),
);

const modelForm = form('a model', { label: z.string().optional(), fields: fieldsSchema });

/** A model: its fields, or `{ label, fields }`. */
export const modelSchema = z
  .unknown()
  .transform((input, ctx): { label?: string; fields: Readonly<Record<string, Field>> } => {
    if (!isMapping(input) || !isLongModel(input)) {
      if (input === null || input === undefined) return { fields: {} };
      return { fields: read(fieldsSchema, input, ctx) };
    }
    const { label, fields } = read(modelForm, input, ctx);
    return label === undefined ? { fields } : { label, fields };
  });

/** Whether `fields` holds the fields, rather than being one. */
function isLongModel(input: Readonly<Record<string, unknown>>): boolean {
  const fields = input['fields'];
  if (!isMapping(fields)) return false;
  const onlyLabel = Object.keys(input).every((key) => key === 'fields' || nearest(key, ['label']) !== undefined);
  return onlyLabel || !isTypeForm(fields);
}
