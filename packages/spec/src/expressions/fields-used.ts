import { parseExpression } from './parser.ts';
import { children, type Expression } from './syntax.ts';

/**
 * The top-level fields of `value` that an expression reads, each once, in the order they appear; `'all'` when it takes the value as a whole
 * (or does not parse). A decoder may leave all others out.
 */
export function fieldsUsed(source: string): readonly string[] | 'all' {
  const parsed = parseExpression(source);
  if ('problem' in parsed) return 'all';
  const fields = new Set<string>();
  return collect(parsed.expression, fields) ? [...fields] : 'all';
}

/** False when the value is used as a whole. */
function collect(expression: Expression, fields: Set<string>): boolean {
  if (expression.kind === 'name') return expression.name !== 'value';
  if (expression.kind === 'member' && expression.object.kind === 'name' && expression.object.name === 'value') {
    fields.add(expression.name);
    return true;
  }
  return children(expression).every((child) => collect(child, fields));
}
