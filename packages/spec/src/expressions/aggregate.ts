import { type Aggregate, type AggregateFunction, aggregateFunctions } from '../document/document.ts';
import { nearest, oneOf } from '../suggestion.ts';

const later = ['topk', 'top_k', 'collect', 'percentile', 'percentiles', 'median', 'fold', 'stddev'];

export interface AggregateFault {
  readonly message: string;
  readonly hint?: string;
  /** Put this in its place. */
  readonly meant?: { readonly value: string };
}

const isFunction = (name: string): name is AggregateFunction =>
  (aggregateFunctions as readonly string[]).includes(name);

/** Where the argument of an aggregate's text starts: positions inside the argument are shifted by this. */
export const argumentOffset = (text: string): number => {
  const open = text.indexOf('(') + 1;
  return open + (/^\s*/.exec(text.slice(open))?.[0].length ?? 0);
};

/** Reads `sum(value.amount)`. Whether the argument is a well-typed expression is the validator's question. */
export function parseAggregate(text: string): Aggregate | AggregateFault {
  const [, name, argument] = /^\s*([A-Za-z_]\w*)\s*\(([\s\S]*)\)\s*$/.exec(text) ?? [];
  if (name === undefined || argument === undefined) {
    const bare = text.trim();
    if (isFunction(bare)) {
      const value = bare === 'count' ? 'count()' : `${bare}(value.…)`;
      return {
        message: `${bare} needs its brackets`,
        hint: `Write ${value}.`,
        ...(bare === 'count' ? { meant: { value } } : {}),
      };
    }
    return {
      message: 'must be an aggregate',
      hint: `Write count(), sum(value.amount), or another of ${oneOf(aggregateFunctions, 20)}.`,
    };
  }
  if (!isFunction(name)) {
    if (later.includes(name.toLowerCase())) {
      return { message: `the aggregate ${name} is not supported yet`, hint: `Use ${oneOf(aggregateFunctions, 20)}.` };
    }
    const meant = nearest(name, aggregateFunctions);
    return meant === undefined
      ? { message: `there is no aggregate ${name}`, hint: `Use ${oneOf(aggregateFunctions, 20)}.` }
      : {
          message: `there is no aggregate ${name}`,
          hint: `Did you mean ${meant}?`,
          meant: { value: `${meant}(${argument})` },
        };
  }
  const arg = argument.trim();
  if (name === 'count') {
    if (arg === '') return { fn: name };
    return {
      message: 'count() takes no argument',
      hint: 'To count some of the events, put a filter before the aggregate step.',
      meant: { value: 'count()' },
    };
  }
  return arg === '' ? { message: `${name} needs an argument`, hint: `Write ${name}(value.…).` } : { fn: name, arg };
}

/** The text that `parseAggregate` reads. */
export const formatAggregate = (aggregate: Aggregate): string => `${aggregate.fn}(${aggregate.arg ?? ''})`;
