import { parseExpression } from '../expressions/parser.ts';
import { children, type Expression } from '../expressions/syntax.ts';
import { either, entry, fieldsOf, type RecordSensitivity, type Sensitivity } from './sensitivity.ts';

/** What of an expression's value is derived from something sensitive: a comparison with a sensitive field is, too. */
export function sensitivityOfExpression(source: string, scope: RecordSensitivity): Sensitivity {
  const parsed = parseExpression(source);
  return 'problem' in parsed ? false : of(parsed.expression, scope);
}

function of(expression: Expression, scope: RecordSensitivity): Sensitivity {
  switch (expression.kind) {
    case 'name':
      return expression.name === 'key' ? scope.key : expression.name === 'value' ? scope.value : false;
    case 'member':
      return entry(of(expression.object, scope), expression.name);
    case 'index': {
      const object = of(expression.object, scope);
      if (of(expression.index, scope) !== false) return true;
      const { index } = expression;
      if (index.kind === 'literal' && typeof index.value === 'string') return entry(object, index.value);
      return typeof object === 'object' && 'items' in object ? object.items : object !== false;
    }
    case 'object':
      return fieldsOf(expression.entries.map(({ name, value }) => [name, of(value, scope)]));
    case 'list': {
      const items = expression.items.map((item) => of(item, scope)).reduce(either, false);
      return items === false ? false : { items };
    }
    case 'conditional':
      return of(expression.test, scope) === false ? either(of(expression.yes, scope), of(expression.no, scope)) : true;
    case 'logical':
      if (expression.operator === '??') return either(of(expression.left, scope), of(expression.right, scope));
      break;
    case 'call':
      if (expression.name === 'coalesce') return expression.args.map((arg) => of(arg, scope)).reduce(either, false);
      break;
  }
  return children(expression).some((child) => of(child, scope) !== false);
}
