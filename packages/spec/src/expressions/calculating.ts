import { calculate, type Kind } from '../numbers/arithmetic.ts';
import { type Exact, isExact } from '../numbers/exact.ts';
import type { Span } from '../problem.ts';
import { quote } from '../suggestion.ts';
import { type Evaluate, ExpressionError } from './evaluation.ts';
import type { Arithmetic } from './syntax.ts';

/** An operand, with its text and place for the error that names it. */
export interface Operand {
  readonly evaluate: Evaluate;
  readonly source: string;
  readonly span: Span;
}

const words: Readonly<Record<Arithmetic, string>> = {
  '+': 'added',
  '-': 'subtracted',
  '*': 'multiplied',
  '/': 'divided',
  '%': 'divided',
};

function refuse(operand: Operand, found: unknown, operator: Arithmetic): never {
  const what = found === null || found === undefined ? 'null' : quote(found);
  throw new ExpressionError(`${operand.source} is ${what} and can't be ${words[operator]}`, operand.span);
}

/**
 * Arithmetic on numbers, exact as `numbers/arithmetic.ts` says; `+` also joins texts, and a text with a number. `kind`: what is known of the
 * operands' types.
 */
export function calculating(operator: Arithmetic, left: Operand, right: Operand, kind: Kind): Evaluate {
  const evaluateLeft = left.evaluate;
  const evaluateRight = right.evaluate;
  const divides = operator === '/' || operator === '%';
  return (key, value, timeMs, headers, window) => {
    const a = evaluateLeft(key, value, timeMs, headers, window);
    const b = evaluateRight(key, value, timeMs, headers, window);
    if (isExact(a) && isExact(b)) {
      if (divides && isZero(b)) return divisionByZero(right);
      return calculate(operator, a, b, kind) ?? outOfRange(operator, left, right, kind);
    }
    if (operator === '+' && isJoinable(a) && isJoinable(b)) return `${a}${b}`;
    if (!isExact(a) && !(operator === '+' && isJoinable(a))) return refuse(left, a, operator);
    return refuse(right, b, operator);
  };
}

const isJoinable = (value: unknown): value is string | Exact => typeof value === 'string' || isExact(value);

const isZero = (value: Exact): boolean => (typeof value === 'object' ? value.value.eq(0) : value === 0);

function divisionByZero(operand: Operand): never {
  throw new ExpressionError(`${operand.source} is 0: a division by zero`, operand.span);
}

function outOfRange(operator: Arithmetic, left: Operand, right: Operand, kind: Kind): never {
  const limit =
    kind === 'long'
      ? 'does not fit into 64 bits'
      : kind === 'double'
        ? 'is larger than a double can be'
        : 'is too large, or has too many digits';
  throw new ExpressionError(`${left.source} ${operator} ${right.source} ${limit}`, {
    start: left.span.start,
    end: right.span.end,
  });
}

export function negating(operand: Operand): Evaluate {
  const { evaluate } = operand;
  return (key, value, timeMs, headers, window) => {
    const a = evaluate(key, value, timeMs, headers, window);
    if (typeof a === 'number') return -a;
    if (!isExact(a)) return refuse(operand, a, '-');
    const negated = calculate('-', 0, a, 'long');
    if (negated === undefined) throw new ExpressionError(`-${operand.source} does not fit into 64 bits`, operand.span);
    return negated;
  };
}
