import type { Type } from '../document/type.ts';
import { formatType, isUnknown, unknownType } from '../document/type-text.ts';
import { nearest } from '../suggestion.ts';
import { commonType, isNumeric, isText } from '../types/assignable.ts';
import type { Checked, Checker } from './checker.ts';
import { type ExpressionFunction, expressionFunctions, functionNamed, type ParameterKind } from './functions.ts';
import { patternProblem } from './pattern.ts';
import type { Expression } from './syntax.ts';

type Call = Expression & { kind: 'call' };

/** Checks a call: that the function exists, the number of its arguments, and their types. */
export function checkCall(checker: Checker, call: Call): Checked {
  const fn = functionNamed(call.name);
  if (fn === undefined) {
    for (const arg of call.args) checker.check(arg);
    return unknownFunction(checker, call);
  }
  const least = fn.required ?? fn.parameters.length;
  const most = fn.variadic === true ? Number.POSITIVE_INFINITY : fn.parameters.length;
  if (call.args.length < least || call.args.length > most) {
    for (const arg of call.args) checker.check(arg);
    return checker.error(
      `${fn.name} takes ${countWords(least, most)}, not ${call.args.length}`,
      call.span,
      fn.signature,
    );
  }
  const args = call.args.map((arg, index) => {
    const kind = fn.parameters[index] ?? fn.parameters.at(-1) ?? 'any';
    return checkArgument(checker, fn, arg, kind);
  });
  if (fn.parameters.includes('like-first')) checkAlike(checker, fn, call.args, args);
  return resultOf(checker, fn, args);
}

function unknownFunction(checker: Checker, call: Call): Checked {
  const aggregates = ['count', 'sum', 'avg', 'first', 'last', 'distinct'];
  if (aggregates.includes(call.name)) {
    return checker.error(`${call.name} is an aggregate`, call.nameSpan, 'Aggregates stand in the value of a table.');
  }
  const meant = nearest(
    call.name,
    expressionFunctions.map(({ name }) => name),
  );
  if (meant === undefined) return checker.error(`there is no function ${call.name}`, call.nameSpan);
  return checker.error(`there is no function ${call.name}`, call.nameSpan, `Did you mean ${meant}?`, {
    span: call.nameSpan,
    text: meant,
  });
}

function countWords(least: number, most: number): string {
  const plural = (count: number): string => `${count} argument${count === 1 ? '' : 's'}`;
  if (least === most) return plural(least);
  return most === Number.POSITIVE_INFINITY ? `at least ${plural(least)}` : `${least} to ${plural(most)}`;
}

const wanted: Readonly<Record<ParameterKind, { readonly words: string; readonly accepts: (type: Type) => boolean }>> = {
  text: { words: 'a text', accepts: isText },
  number: { words: 'a number', accepts: isNumeric },
  time: { words: 'a timestamp', accepts: isNumeric },
  any: { words: 'any value', accepts: () => true },
  'like-first': { words: 'a value like the first', accepts: () => true },
  'text-or-list': { words: 'a text or a list', accepts: (type) => isText(type) || type.kind === 'list' },
  countable: {
    words: 'a text, a list or a map',
    accepts: (type) => isText(type) || type.kind === 'list' || type.kind === 'map',
  },
  list: { words: 'a list', accepts: (type) => type.kind === 'list' },
  ordered: { words: 'a number or a text', accepts: (type) => isNumeric(type) || isText(type) },
  pattern: { words: 'a pattern', accepts: isText },
};

function checkArgument(checker: Checker, fn: ExpressionFunction, arg: Expression, kind: ParameterKind): Checked {
  const checked = checker.check(arg);
  if (kind === 'pattern') {
    if (arg.kind !== 'literal' || typeof arg.value !== 'string') {
      checker.error(
        `the pattern of ${fn.name} is a text in quotes`,
        arg.span,
        'It is checked once, before the app runs.',
      );
    } else {
      const why = patternProblem(arg.value);
      if (why !== null) checker.error(`the pattern ${why}`, arg.span);
    }
  }
  const { words, accepts } = wanted[kind];
  if (!isUnknown(checked.type) && !accepts(checked.type)) {
    const hint = kind === 'text' ? 'Use string(…).' : kind === 'number' ? 'Use number(…).' : fn.signature;
    checker.error(`${fn.name} takes ${words}; ${checker.text(arg)} is ${formatType(checked.type)}`, arg.span, hint);
  }
  return checked;
}

function checkAlike(
  checker: Checker,
  fn: ExpressionFunction,
  args: readonly Expression[],
  types: readonly Checked[],
): void {
  const first = types[0]?.type ?? unknownType;
  for (const [index, { type }] of types.entries()) {
    const arg = args[index];
    if (arg === undefined || isUnknown(first) || isUnknown(type)) continue;
    if (
      (isNumeric(first) && isNumeric(type)) ||
      (isText(first) && isText(type)) ||
      formatType(first) === formatType(type)
    )
      continue;
    if (fn.name === 'coalesce') continue;
    checker.error(
      `${fn.name} compares values of one kind; ${checker.text(arg)} is ${formatType(type)}, not ${formatType(first)}`,
      arg.span,
    );
  }
}

function resultOf(checker: Checker, fn: ExpressionFunction, args: readonly Checked[]): Checked {
  const anyNull = args.some(({ nullable }) => nullable);
  const nullable =
    fn.mayBeNull === true ||
    (fn.name === 'coalesce'
      ? args.every((arg) => arg.nullable)
      : fn.takesNull !== true && fn.result !== 'boolean' && anyNull);
  switch (fn.result) {
    case 'first':
      return { type: args[0]?.type ?? unknownType, nullable };
    case 'union':
      return {
        type: args.map(({ type }) => type).reduce((a, b) => commonType(a, b, checker.scope.models), unknownType),
        nullable,
      };
    case 'texts':
      return { type: { kind: 'list', items: { kind: 'string' } }, nullable };
    case 'long':
      return { type: { kind: fn.name === 'round' && args.length > 1 ? roundedKind(args[0]?.type) : 'long' }, nullable };
    default:
      return { type: { kind: fn.result }, nullable };
  }
}

const roundedKind = (type: Type | undefined): 'decimal' | 'double' => (type?.kind === 'decimal' ? 'decimal' : 'double');
