import * as z from 'zod';
import type { Agent, Source, Step } from './document.ts';
import { fail, form, isMapping, read } from './form.ts';
import { stepSchema } from './step.ts';

const topicsSchema = z
  .unknown()
  .transform((input, ctx): readonly string[] =>
    read(z.array(z.string()), typeof input === 'string' ? [input] : input, ctx),
  );

const topicForm = form('a source', { topic: topicsSchema });
const topicsForm = form('a source', { topics: topicsSchema });
const changesForm = form('a source', { changes: z.string() });

/** Nothing (an agent not wired up yet, which the validator reports), `logins`, `[a, b]`, `{ topic: logins }`, `{ topics: [a, b] }` or `{ changes: failures-by-ip }`. */
const sourceSchema = z.unknown().transform((input, ctx): Source => {
  if (input === undefined || input === null) return { kind: 'topics', topics: [] };
  if (typeof input === 'string' || Array.isArray(input))
    return { kind: 'topics', topics: unique(read(topicsSchema, input, ctx)) };
  if (isMapping(input)) {
    if ('topic' in input) return { kind: 'topics', topics: unique(read(topicForm, input, ctx).topic) };
    if ('topics' in input) return { kind: 'topics', topics: unique(read(topicsForm, input, ctx).topics) };
    if ('changes' in input) return { kind: 'changes', table: read(changesForm, input, ctx).changes };
  }
  return fail(ctx, input, {
    code: 'wrong-type',
    message: 'must say what the agent reads',
    hint: 'Write a topic, as from: logins; several, as [a, b]; or { changes: table }.',
  });
});

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

const stepsSchema = z.unknown().transform((input, ctx): readonly Step[] => {
  const written = read(z.array(z.unknown()), input ?? [], ctx);
  if (!Array.isArray(written)) return z.NEVER;
  const steps = written.map((step, index) => read(stepSchema, step, ctx, [index]));
  const taken = new Map<string, number>();
  for (const [index, step] of steps.entries()) {
    if (step?.id === undefined) continue;
    const first = taken.get(step.id);
    if (first === undefined) {
      taken.set(step.id, index);
    } else {
      fail(ctx, input, {
        code: 'duplicate-id',
        path: [index, 'id'],
        showValue: false,
        message: `${step.id} is the id of step ${first + 1} already`,
      });
    }
  }
  const numbers = new Map<string, number>();
  return steps.map((step) => {
    if (step === undefined || step === z.NEVER) return z.NEVER;
    if (step.id !== undefined) return { id: step.id, ...step.body };
    const id = freeId(step.key, taken, numbers);
    taken.set(id, -1);
    return { id, ...step.body };
  });
});

/** `filter`, then `filter-2`, … `numbers` remembers how far each operator's have been given. */
function freeId(operator: string, taken: ReadonlyMap<string, number>, numbers: Map<string, number>): string {
  if (!taken.has(operator)) return operator;
  let number = numbers.get(operator) ?? 2;
  while (taken.has(`${operator}-${number}`)) number++;
  numbers.set(operator, number + 1);
  return `${operator}-${number}`;
}

const agentForm = form('an agent', {
  label: z.string().optional(),
  from: sourceSchema,
  steps: stepsSchema,
  onError: z.enum(['dead-letter', 'skip', 'stop']).default('dead-letter'),
});

export const agentSchema = z.unknown().transform((input, ctx): Agent => {
  const { label, ...agent } = read(agentForm, input, ctx);
  return label === undefined ? agent : { ...agent, label };
});
