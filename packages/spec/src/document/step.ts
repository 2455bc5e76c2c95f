import * as z from 'zod';
import { nearest, oneOf } from '../suggestion.ts';
import type { StepBody } from './document.ts';
import { fail, form, isMapping, read } from './form.ts';
import { collection, fieldNameProblem, idSchema } from './id.ts';

/** An expression as written: text, or a number or boolean that stands for itself. */
export const expressionSchema: z.ZodType<string> = z.unknown().transform((input, ctx): string => {
  if (typeof input === 'number' || typeof input === 'boolean') return String(input);
  if (input === null) return 'null';
  if (typeof input !== 'string') {
    return fail(ctx, input, {
      code: input === undefined ? 'missing-field' : 'wrong-type',
      message: 'must be an expression',
      hint: 'Write it as text; in quotes when it starts with ! or holds a colon or #: "!value.ok".',
    });
  }
  if (input.trim() === '') return fail(ctx, input, { code: 'bad-expression', message: 'is empty', showValue: false });
  return input;
});

const expressionsSchema = collection('a field', expressionSchema, fieldNameProblem);
const namesSchema = z
  .unknown()
  .transform((input, ctx): readonly string[] =>
    read(z.array(z.string().min(1)).min(1), typeof input === 'string' ? [input] : input, ctx),
  );

/** `...: value` keeps what is not set. */
const spread = '...';

const mapSchema = z.unknown().transform((input, ctx): StepBody => {
  if (!isMapping(input) || !(spread in input)) {
    return { op: 'map', mode: 'replace', fields: read(expressionsSchema, input ?? undefined, ctx) };
  }
  const { [spread]: base, ...fields } = input;
  if (base !== 'value') {
    return fail(ctx, input, {
      code: 'bad-value',
      path: [spread],
      message: 'can only spread value',
      meant: { value: 'value' },
    });
  }
  return { op: 'map', mode: 'set', fields: read(expressionsSchema, fields, ctx) };
});

const renameSchema = collection(
  'a field',
  z.unknown().transform((input, ctx): string => {
    const why = typeof input === 'string' ? fieldNameProblem(input) : 'must be the new name of the field';
    return typeof input === 'string' && why === null
      ? input
      : fail(ctx, input, { code: 'bad-id', message: why ?? 'must be a name' });
  }),
  fieldNameProblem,
);

const sendForm = form('send', { to: z.string(), key: expressionSchema.optional() });

const groupForm = form('group_by', { key: expressionSchema, partitions: z.int().min(1).max(10_000) });

const operators: Readonly<Record<string, z.ZodType<StepBody>>> = {
  filter: expressionSchema.transform((where): StepBody => ({ op: 'filter', where })),
  map: mapSchema,
  set: expressionsSchema.transform((fields): StepBody => ({ op: 'map', mode: 'set', fields })),
  keep: namesSchema.transform((names): StepBody => ({ op: 'map', mode: 'keep', names })),
  drop: namesSchema.transform((names): StepBody => ({ op: 'map', mode: 'drop', names })),
  rename: renameSchema.transform((names): StepBody => ({ op: 'map', mode: 'rename', names })),
  group_by: z.unknown().transform((input, ctx): StepBody => {
    if (!isMapping(input)) return { op: 'group_by', key: read(expressionSchema, input, ctx) };
    return { op: 'group_by', ...read(groupForm, input, ctx) };
  }),
  aggregate: z.string().transform((table): StepBody => ({ op: 'aggregate', table })),
  send: z.unknown().transform((input, ctx): StepBody => {
    if (typeof input === 'string') return { op: 'send', to: input };
    const { to, key } = read(sendForm, input, ctx);
    return key === undefined ? { op: 'send', to } : { op: 'send', to, key };
  }),
};

/** What a step can be, as it is written. */
export const operatorNames: readonly string[] = Object.keys(operators);

const later = ['explode', 'branch', 'join', 'lookup', 'dedupe', 'batch', 'throttle', 'call', 'code'];

/** A step as it is written: one operator, and an id if it has its own. `key` is the operator's, where it stands in the text. */
export const stepSchema = z
  .unknown()
  .transform((input, ctx): { id: string | undefined; key: string; body: StepBody } => {
    if (!isMapping(input)) {
      return fail(ctx, input, {
        code: 'wrong-type',
        message: 'a step is written as its operator and what it takes',
        hint: 'Write - filter: value.ok',
      });
    }
    const written = Object.keys(input).filter((key) => key !== 'id');
    const [key] = written;
    if (key === undefined) {
      return fail(ctx, input, {
        code: 'unknown-step',
        message: 'names no operator',
        showValue: false,
        hint: `Use ${oneOf(operatorNames, 20)}.`,
      });
    }
    for (const name of written) {
      if (!(name in operators)) return unknownStep(name, ctx, input);
    }
    const operator = operators[key];
    if (written.length > 1 || operator === undefined) {
      return fail(ctx, input, {
        code: 'bad-value',
        message: `names ${written.length} operators, ${oneOf(written)}; a step has one`,
        showValue: false,
        hint: 'Start each with a dash of its own.',
      });
    }
    const id = input['id'] === undefined ? undefined : read(idSchema, input['id'], ctx, ['id']);
    return { id, key, body: read(operator, input[key], ctx, [key]) };
  });

function unknownStep(name: string, ctx: z.RefinementCtx, input: unknown): never {
  if (later.includes(name)) {
    return fail(ctx, input, {
      code: 'unknown-step',
      path: [name],
      showValue: false,
      message: `the step ${name} is not supported yet`,
      hint: `Use ${oneOf(operatorNames, 20)}.`,
    });
  }
  const meant = nearest(name, operatorNames);
  return fail(ctx, input, {
    code: 'unknown-step',
    path: [name],
    showValue: false,
    message: `there is no step ${name}`,
    hint: meant === undefined ? `Use ${oneOf(operatorNames, 20)}.` : `Did you mean ${meant}?`,
    ...(meant === undefined ? {} : { meant: { rename: meant } }),
  });
}
