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

/** Arithmetic on numbers; `+` also joins texts, and a text with a number. */
export function calculating(operator: Arithmetic, left: Operand, right: Operand): Evaluate {
  const evaluateLeft = left.evaluate;
  const evaluateRight = right.evaluate;
  return (key, value, timeMs, headers, window) => {
    const a = evaluateLeft(key, value, timeMs, headers, window);
    const b = evaluateRight(key, value, timeMs, headers, window);
    if (typeof a === 'number' && typeof b === 'number') return calculate(operator, a, b, right);
    if (operator === '+' && isJoinable(a) && isJoinable(b)) return `${a}${b}`;
    if (typeof a !== 'number' && !(operator === '+' && isJoinable(a))) return refuse(left, a, operator);
    return refuse(right, b, operator);
  };
}

const isJoinable = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

function calculate(operator: Arithmetic, a: number, b: number, right: Operand): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? divisionByZero(right) : a / b;
    case '%':
      return b === 0 ? divisionByZero(right) : a % b;
  }
}

function divisionByZero(operand: Operand): never {
  throw new ExpressionError(`${operand.source} is 0: a division by zero`, operand.span);
}

export function negating(operand: Operand): Evaluate {
  const { evaluate } = operand;
  return (key, value, timeMs, headers, window) => {
    const a = evaluate(key, value, timeMs, headers, window);
    return typeof a === 'number' ? -a : refuse(operand, a, '-');
  };
}
