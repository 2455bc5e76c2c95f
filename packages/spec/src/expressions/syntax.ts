import type { Exact } from '../numbers/exact.ts';
import type { Span } from '../problem.ts';

export const comparisons = ['<', '<=', '>', '>='] as const;
export type Comparison = (typeof comparisons)[number];
export const arithmetic = ['+', '-', '*', '/', '%'] as const;
export type Arithmetic = (typeof arithmetic)[number];

/** A value as it stands in an expression; its numbers are exact. */
export type Literal = string | Exact | boolean | null;

/**
 * The language of expressions: what of JavaScript's syntax is taken, and nothing else. `===` is `==` here (both are strict) and `?.` is
 * `.` (a field of null reads as null).
 */
export type Expression = { readonly span: Span } & (
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly object: Expression; readonly name: string; readonly nameSpan: Span }
  | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'negative'; readonly operand: Expression }
  | {
      readonly kind: 'arithmetic';
      readonly operator: Arithmetic;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'comparison';
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'equality'; readonly negated: boolean; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'logical';
      readonly operator: '&&' | '||' | '??';
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | { readonly kind: 'in'; readonly value: Expression; readonly list: Expression }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly { readonly name: string; readonly value: Expression }[] }
  | { readonly kind: 'template'; readonly texts: readonly string[]; readonly parts: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly nameSpan: Span; readonly args: readonly Expression[] }
);

/** A fault of an expression, with its place in the text. */
export interface ExpressionProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
  readonly span: Span;
  /** The whole expression, mended. */
  readonly fix?: { readonly label: string; readonly source: string };
}

/** The expressions directly below one. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'member':
      return [expression.object];
    case 'index':
      return [expression.object, expression.index];
    case 'not':
    case 'negative':
      return [expression.operand];
    case 'arithmetic':
    case 'comparison':
    case 'equality':
    case 'logical':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.test, expression.yes, expression.no];
    case 'in':
      return [expression.value, expression.list];
    case 'list':
      return expression.items;
    case 'object':
      return expression.entries.map(({ value }) => value);
    case 'template':
      return expression.parts;
    case 'call':
      return expression.args;
  }
}
