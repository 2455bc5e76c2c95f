import * as z from 'zod';
import { parseAggregate } from '../expressions/aggregate.ts';
import { windowSchema } from '../windows/window-schema.ts';
import type { Aggregate, Table } from './document.ts';
import { authoredTypeSchema } from './field.ts';
import { fail, form, read } from './form.ts';
import { collection, fieldNameProblem } from './id.ts';

/** `sum(value.amount)` to the function and its argument. */
const aggregateSchema = z.unknown().transform((input, ctx): Aggregate => {
  const parsed = parseAggregate(typeof input === 'string' ? input : '');
  if ('fn' in parsed) return parsed;
  return fail(ctx, input, { code: 'bad-aggregate', showValue: false, ...parsed });
});

const tableForm = form('a table', {
  label: z.string().optional(),
  key: authoredTypeSchema.default({ kind: 'string' }),
  window: windowSchema.optional(),
  value: collection('an aggregate', aggregateSchema, fieldNameProblem),
  emit: z.enum(['update', 'close']).default('update'),
  store: z.unknown().transform((input, ctx): 'memory' => {
    if (input === undefined || input === 'memory') return 'memory';
    return input === 'disk'
      ? fail(ctx, input, {
          code: 'not-supported',
          message: 'a table on disk is not supported yet',
          showValue: false,
          meant: { value: 'memory' },
        })
      : fail(ctx, input, { code: 'bad-value', message: 'must be memory' });
  }),
});

export const tableSchema = z.unknown().transform((input, ctx): Table => {
  const { label, window, ...table } = read(tableForm, input, ctx);
  if (table.emit === 'close' && window === undefined) {
    return fail(ctx, input, {
      code: 'bad-value',
      path: ['emit'],
      message: 'only a windowed table can wait for its windows to close',
      showValue: false,
      meant: { value: 'update' },
    });
  }
  return { ...table, ...(label === undefined ? {} : { label }), ...(window === undefined ? {} : { window }) };
});
