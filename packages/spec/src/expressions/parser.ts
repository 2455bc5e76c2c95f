import * as acorn from 'acorn';
import { Decimal } from '../numbers/decimal.ts';
import { type Exact, isExact, longOf, numberOf, simplest } from '../numbers/exact.ts';
import type { Span } from '../problem.ts';
import {
  type Arithmetic,
  arithmetic,
  type Comparison,
  comparisons,
  type Expression,
  type ExpressionProblem,
} from './syntax.ts';

/** No expression may be longer, in UTF-16 code units, or nested deeper. */
export const maxExpressionLength = 4_000;
const maxDepth = 200;

class Refusal extends Error {
  readonly problem: ExpressionProblem;
  constructor(problem: ExpressionProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Parses with acorn, then takes over what belongs to the language. */
export function parseExpression(source: string): { expression: Expression } | { problem: ExpressionProblem } {
  if (source.length > maxExpressionLength) {
    return { problem: error(`is longer than ${maxExpressionLength} characters`, { start: 0, end: source.length }) };
  }
  try {
    const node = acorn.parseExpressionAt(source, 0, { ecmaVersion: 2022, preserveParens: true });
    const rest = source.slice(node.end);
    if (rest.trim() !== '') throw new Refusal(trailing(source, node.end));
    return { expression: convert(node, source, 0) };
  } catch (caught) {
    if (caught instanceof Refusal) return { problem: caught.problem };
    if (caught instanceof RangeError)
      return { problem: error('is nested too deeply', { start: 0, end: source.length }) };
    if (caught instanceof SyntaxError) return { problem: syntaxProblem(caught, source) };
    throw caught;
  }
}

function error(message: string, span: Span, hint?: string, fix?: ExpressionProblem['fix']): ExpressionProblem {
  return {
    severity: 'error',
    message,
    span,
    ...(hint === undefined ? {} : { hint }),
    ...(fix === undefined ? {} : { fix }),
  };
}

function syntaxProblem(caught: SyntaxError, source: string): ExpressionProblem {
  const at = 'pos' in caught && typeof caught.pos === 'number' ? Math.min(caught.pos, source.length) : 0;
  if (source.trim() === '') return error('is empty', { start: 0, end: source.length });
  if (at >= source.trimEnd().length) {
    const end = source.trimEnd().length;
    return error(
      'ends too early',
      { start: Math.max(0, end - 1), end: Math.max(1, end) },
      'Something is missing after this, or a bracket is open.',
    );
  }
  const word = /^\w+|^[^\s\w]/.exec(source.slice(at))?.[0] ?? source.slice(at, at + 1);
  const span = { start: at, end: at + word.length };
  const message = caught.message.startsWith('Unexpected token')
    ? `${word} is not expected here`
    : caught.message.replace(/\s*\(\d+:\d+\)$/, '').replace(/^./, (first) => first.toLowerCase());
  return error(message, span);
}

const wordOperators: Readonly<Record<string, string>> = {
  and: '&&',
  or: '||',
  not: '!',
  is: '==',
  '<>': '!=',
  '=': '==',
};

function trailing(source: string, end: number): ExpressionProblem {
  const start = end + (source.slice(end).length - source.slice(end).trimStart().length);
  const word = /^\w+|^[^\s\w]+/.exec(source.slice(start))?.[0] ?? source.slice(start, start + 1);
  const span = { start, end: start + word.length };
  const meant = wordOperators[word.toLowerCase()];
  if (meant === undefined)
    return error(`${word} is not expected here`, span, 'An expression is one value; is an operator missing?');
  return error(`${word} is written ${meant}`, span, undefined, replace(source, span, meant));
}

const replace = (source: string, span: Span, text: string): NonNullable<ExpressionProblem['fix']> => ({
  label: `Change to ${text}`,
  source: source.slice(0, span.start) + text + source.slice(span.end),
});

const refused: Readonly<Record<string, readonly [string, string?]>> = {
  ArrowFunctionExpression: ['functions can not be defined in an expression'],
  FunctionExpression: ['functions can not be defined in an expression'],
  ClassExpression: ['classes can not be defined in an expression'],
  NewExpression: ['new is not part of the language of expressions'],
  ThisExpression: ['this is not part of the language of expressions', 'The event is value.'],
  UpdateExpression: ['an expression changes nothing; ++ and -- are not part of it'],
  SequenceExpression: ['the comma operator is not part of the language of expressions'],
  TaggedTemplateExpression: ['tagged templates are not part of the language of expressions'],
  ImportExpression: ['import is not part of the language of expressions'],
  MetaProperty: ['import is not part of the language of expressions'],
  AwaitExpression: ['an expression does not wait'],
  YieldExpression: ['yield is not part of the language of expressions'],
  SpreadElement: ['a spread is not part of the language of expressions'],
};

function convert(
  node: acorn.Expression | acorn.Super | acorn.PrivateIdentifier | acorn.SpreadElement,
  source: string,
  depth: number,
): Expression {
  const span = { start: node.start, end: node.end };
  if (depth > maxDepth) throw new Refusal(error('is nested too deeply', span));
  const inner = (child: Parameters<typeof convert>[0]): Expression => convert(child, source, depth + 1);
  switch (node.type) {
    case 'ParenthesizedExpression':
      return inner(node.expression);
    case 'ChainExpression':
      return inner(node.expression);
    case 'Literal':
      return literal(node, span, source);
    case 'Identifier':
      if (node.name === 'undefined') return { kind: 'literal', value: null, span };
      return { kind: 'name', name: node.name, span };
    case 'MemberExpression':
      return member(node, span, inner);
    case 'UnaryExpression':
      return unary(node, span, inner);
    case 'BinaryExpression':
      return binary(node, span, source, inner);
    case 'LogicalExpression':
      return { kind: 'logical', operator: node.operator, left: inner(node.left), right: inner(node.right), span };
    case 'ConditionalExpression':
      return {
        kind: 'conditional',
        test: inner(node.test),
        yes: inner(node.consequent),
        no: inner(node.alternate),
        span,
      };
    case 'ArrayExpression':
      return {
        kind: 'list',
        items: node.elements.map((item) => (item === null ? lost('a list has no holes', span) : inner(item))),
        span,
      };
    case 'ObjectExpression':
      return { kind: 'object', entries: node.properties.map((property) => entry(property, inner)), span };
    case 'TemplateLiteral':
      return {
        kind: 'template',
        texts: node.quasis.map(({ value }) => value.cooked ?? ''),
        parts: node.expressions.map(inner),
        span,
      };
    case 'CallExpression':
      return call(node, span, source, inner);
    case 'AssignmentExpression': {
      const start = source.indexOf(node.operator, node.left.end);
      const at = { start, end: start + node.operator.length };
      return lost(
        `an expression changes nothing; ${node.operator} sets`,
        at,
        'To compare, write ==.',
        node.operator === '=' ? replace(source, at, '==') : undefined,
      );
    }
    default: {
      const [message, hint] = refused[node.type] ?? [`${node.type} is not part of the language of expressions`];
      return lost(message, span, hint);
    }
  }
}

function lost(message: string, span: Span, hint?: string, fix?: ExpressionProblem['fix']): never {
  throw new Refusal(error(message, span, hint, fix));
}

type Inner = (child: Parameters<typeof convert>[0]) => Expression;

function literal(node: acorn.Literal, span: Span, source: string): Expression {
  const { value } = node;
  if (node.regex !== undefined) {
    return lost('a pattern is written as text', span, `Write matches(…, ${JSON.stringify(node.regex.pattern)}).`);
  }
  if (typeof value === 'bigint')
    return lost(
      'numbers have no n at their end',
      span,
      undefined,
      replace(source, span, source.slice(span.start, span.end - 1)),
    );
  if (typeof value === 'number') return { kind: 'literal', value: exactNumber(node.raw ?? String(value), span), span };
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return { kind: 'literal', value, span };
  }
  return lost('is no value', span);
}

/** A number's text in JavaScript's ways of writing it, without the rounding. */
function exactNumber(raw: string, span: Span): Exact {
  const text = raw.replaceAll('_', '');
  const exact = /^0[xob]/i.test(text) ? longOf(BigInt(text)) : numberOf(text);
  return (
    exact ??
    lost(
      'is no number that can be calculated with',
      span,
      'A decimal has at most 100 digits on either side of its point.',
    )
  );
}

function member(node: acorn.MemberExpression, span: Span, inner: Inner): Expression {
  const object = inner(node.object);
  const { property } = node;
  const nameSpan = { start: property.start, end: property.end };
  if (!node.computed) {
    if (property.type !== 'Identifier')
      return lost('private names are not part of the language of expressions', nameSpan);
    return { kind: 'member', object, name: property.name, nameSpan, span };
  }
  const index = inner(property);
  if (index.kind === 'literal' && typeof index.value === 'string')
    return { kind: 'member', object, name: index.value, nameSpan, span };
  return { kind: 'index', object, index, span };
}

function unary(node: acorn.UnaryExpression, span: Span, inner: Inner): Expression {
  const operand = inner(node.argument);
  switch (node.operator) {
    case '!':
      return { kind: 'not', operand, span };
    case '-':
      return operand.kind === 'literal' && isExact(operand.value)
        ? { kind: 'literal', value: negated(operand.value), span }
        : { kind: 'negative', operand, span };
    default:
      return lost(
        `${node.operator} is not part of the language of expressions`,
        span,
        node.operator === '+' ? 'Use number(…).' : undefined,
      );
  }
}

/** −2⁶³ is 64 bits, 2⁶³ is not. */
const negated = (value: Exact): Exact =>
  typeof value === 'number' ? -value : simplest(Decimal.ofLiteral(`-${value}`));

const isOneOf = <T extends string>(list: readonly T[], text: string): text is T =>
  (list as readonly string[]).includes(text);

function binary(node: acorn.BinaryExpression, span: Span, source: string, inner: Inner): Expression {
  const { operator } = node;
  const left = inner(node.left);
  const right = inner(node.right);
  if (isOneOf<Arithmetic>(arithmetic, operator)) return { kind: 'arithmetic', operator, left, right, span };
  if (isOneOf<Comparison>(comparisons, operator)) return { kind: 'comparison', operator, left, right, span };
  if (operator === '==' || operator === '===') return { kind: 'equality', negated: false, left, right, span };
  if (operator === '!=' || operator === '!==') return { kind: 'equality', negated: true, left, right, span };
  if (operator === 'in') return { kind: 'in', value: left, list: right, span };
  const start = source.indexOf(operator, node.left.end);
  const at = { start, end: start + operator.length };
  const meant = operator === '&' ? '&&' : operator === '|' ? '||' : undefined;
  return lost(
    `${operator} is not part of the language of expressions`,
    at,
    meant && `Did you mean ${meant}?`,
    meant === undefined ? undefined : replace(source, at, meant),
  );
}

function entry(property: acorn.Property | acorn.SpreadElement, inner: Inner): { name: string; value: Expression } {
  const span = { start: property.start, end: property.end };
  if (property.type === 'SpreadElement')
    return lost('a spread is not part of the language of expressions', span, 'In a step, set keeps the other fields.');
  const { key } = property;
  const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined;
  if (property.kind !== 'init' || property.method || property.computed || name === undefined || name === '__proto__') {
    return lost('a field is written as its name, a colon and its value', span);
  }
  return { name, value: inner(property.value) };
}

function call(node: acorn.CallExpression, span: Span, source: string, inner: Inner): Expression {
  const { callee } = node;
  const nameSpan = { start: callee.start, end: callee.end };
  if (callee.type === 'Identifier') {
    return { kind: 'call', name: callee.name, nameSpan, args: node.arguments.map(inner), span };
  }
  if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
    const name = methods[callee.property.name] ?? callee.property.name;
    const args = [
      source.slice(callee.object.start, callee.object.end),
      ...node.arguments.map((arg) => source.slice(arg.start, arg.end)),
    ];
    const text = `${name}(${args.join(', ')})`;
    return lost(
      'values have no methods',
      { start: callee.property.start, end: callee.property.end },
      `Write ${text}.`,
      {
        label: `Change to ${text}`,
        source: source.slice(0, span.start) + text + source.slice(span.end),
      },
    );
  }
  return lost('only the listed functions can be called', nameSpan);
}

/** JavaScript's methods, by what they are called here. */
const methods: Readonly<Record<string, string>> = {
  toLowerCase: 'lower',
  toUpperCase: 'upper',
  includes: 'contains',
  test: 'matches',
  match: 'matches',
  slice: 'substring',
  toString: 'string',
  toISOString: 'iso',
};
