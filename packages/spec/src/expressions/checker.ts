import type { Type } from '../document/type.ts';
import { formatType, isUnknown, unknownType } from '../document/type-text.ts';
import { Decimal } from '../numbers/decimal.ts';
import type { Span } from '../problem.ts';
import { nearest, oneOf } from '../suggestion.ts';
import { commonType, isAssignable, isNumeric, isText, numericType } from '../types/assignable.ts';
import { fieldsIn } from '../types/fields.ts';
import { checkCall } from './call-checker.ts';
import { parseExpression } from './parser.ts';
import { namesOf, type Scope } from './scope.ts';
import type { Expression, ExpressionProblem, Literal } from './syntax.ts';

/** What is known of an expression's value. */
export interface Checked {
  readonly type: Type;
  /** May be null. */
  readonly nullable: boolean;
}

export interface TypeCheck {
  /** Null when the expression has an error. Literal texts have the type of their one value, `'DE'`. */
  readonly type: Type | null;
  /** Whether the value may be null. */
  readonly nullable: boolean;
  readonly problems: readonly ExpressionProblem[];
}

/** Checks an expression against what it can see. Never throws. */
export function typeCheck(source: string, scope: Scope): TypeCheck {
  const parsed = parseExpression(source);
  if ('problem' in parsed) return { type: null, nullable: false, problems: [parsed.problem] };
  const checker = new Checker(source, scope);
  const { type, nullable } = checker.check(parsed.expression);
  const failed = checker.problems.some(({ severity }) => severity === 'error');
  return { type: failed ? null : type, nullable, problems: checker.problems };
}

export const boolean: Type = { kind: 'boolean' };
const unknown: Checked = { type: unknownType, nullable: false };

export class Checker {
  readonly problems: ExpressionProblem[] = [];
  readonly source: string;
  readonly scope: Scope;

  constructor(source: string, scope: Scope) {
    this.source = source;
    this.scope = scope;
  }

  check(expression: Expression): Checked {
    switch (expression.kind) {
      case 'literal':
        return literalType(expression.value);
      case 'name':
        return this.name(expression);
      case 'member':
        return this.member(expression);
      case 'index':
        return this.index(expression);
      case 'not':
        this.condition(expression.operand, '!');
        return { type: boolean, nullable: false };
      case 'negative':
        return { type: this.number(expression.operand, this.check(expression.operand), '-'), nullable: false };
      case 'arithmetic':
        return this.arithmetic(expression);
      case 'comparison':
        return this.comparison(expression);
      case 'equality':
        return this.equality(expression);
      case 'logical':
        return this.logical(expression);
      case 'conditional':
        return this.conditional(expression);
      case 'in':
        return this.in(expression);
      case 'list':
        return { type: { kind: 'list', items: this.common(expression.items) }, nullable: false };
      case 'object':
        return this.object(expression);
      case 'template':
        for (const part of expression.parts) this.check(part);
        return { type: { kind: 'string' }, nullable: false };
      case 'call':
        return checkCall(this, expression);
    }
  }

  error(message: string, span: Span, hint?: string, replacement?: { span: Span; text: string }): Checked {
    const fix =
      replacement === undefined
        ? {}
        : {
            fix: { label: `Change to ${replacement.text}`, source: this.replaced(replacement.span, replacement.text) },
          };
    this.problems.push({ severity: 'error', message, span, ...(hint === undefined ? {} : { hint }), ...fix });
    return unknown;
  }

  text({ span }: Expression): string {
    return this.source.slice(span.start, span.end);
  }

  private replaced(span: Span, text: string): string {
    return this.source.slice(0, span.start) + text + this.source.slice(span.end);
  }

  private name({ name, span }: Expression & { kind: 'name' }): Checked {
    const names = namesOf(this.scope);
    const type = names.get(name);
    if (type !== undefined) return { type, nullable: false };
    if (name === 'window')
      return this.error('window is not known here', span, 'Only the changes of a windowed table have one.');
    const fields = Object.keys(fieldsIn(this.scope.value, this.scope.models) ?? {});
    const field = fields.includes(name) ? name : undefined;
    const meant = field ?? nearest(name, [...names.keys()]) ?? nearest(name, fields);
    const text = meant === undefined || names.has(meant) ? meant : `value.${meant}`;
    if (text !== undefined) return this.error(`${name} is not known`, span, `Did you mean ${text}?`, { span, text });
    return this.error(
      `${name} is not known`,
      span,
      `An expression sees ${oneOf([...names.keys()])}. Texts stand in quotes.`,
    );
  }

  private member(expression: Expression & { kind: 'member' }): Checked {
    const { object, name, nameSpan } = expression;
    const { type, nullable } = this.check(object);
    if (isUnknown(type)) return unknown;
    if (type.kind === 'map') return { type: type.values, nullable: true };
    const fields = fieldsIn(type, this.scope.models);
    if (fields === null) {
      if (type.kind === 'model') return unknown;
      const length = name === 'length' ? { span: expression.span, text: `length(${this.text(object)})` } : undefined;
      const hint = length === undefined ? undefined : `Write ${length.text}.`;
      return this.error(`${this.text(object)} is ${formatType(type)} and has no fields`, nameSpan, hint, length);
    }
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field !== undefined)
      return { type: field.type, nullable: nullable || (field.optional && field.default === undefined) };
    const meant = nearest(name, Object.keys(fields));
    const message = `${this.text(object)} has no field ${name}`;
    if (meant !== undefined)
      return this.error(message, nameSpan, `Did you mean ${meant}?`, { span: nameSpan, text: meant });
    const known = Object.keys(fields);
    return this.error(
      message,
      nameSpan,
      known.length === 0 ? 'It has no fields.' : `Its fields are ${oneOf(known, 12)}.`,
    );
  }

  private index({ object, index }: Expression & { kind: 'index' }): Checked {
    const { type } = this.check(object);
    const at = this.check(index);
    if (isUnknown(type)) return unknown;
    if (type.kind === 'list') {
      if (!isNumeric(at.type)) this.error(`a list is indexed by a number, not ${formatType(at.type)}`, index.span);
      return { type: type.items, nullable: true };
    }
    if (type.kind === 'map') {
      if (!isText(at.type)) this.error(`a map is indexed by a text, not ${formatType(at.type)}`, index.span);
      return { type: type.values, nullable: true };
    }
    return this.error(
      `${this.text(object)} is ${formatType(type)} and can't be indexed`,
      index.span,
      'Lists and maps can.',
    );
  }

  /** The operand must be true or false; null is false. */
  private condition(operand: Expression, operator: string): void {
    const { type } = this.check(operand);
    if (isUnknown(type) || isAssignable(type, boolean, this.scope.models)) return;
    const text = this.text(operand);
    this.error(
      `${operator} takes true or false; ${text} is ${formatType(type)}`,
      operand.span,
      this.conditionHint(text, type),
    );
  }

  private conditionHint(text: string, type: Type): string {
    return isNumeric(type) ? `Compare it: ${text} != 0.` : `Compare it: ${text} != null.`;
  }

  /** The operand must be a number; null is warned of. */
  private number(operand: Expression, { type, nullable }: Checked, operator: string): Type {
    if (!isUnknown(type) && !isNumeric(type)) {
      this.error(`${operator} takes numbers; ${this.text(operand)} is ${formatType(type)}`, operand.span);
      return unknownType;
    }
    if (nullable) this.warnOfNull(operand);
    return type;
  }

  private warnOfNull(operand: Expression): void {
    const text = this.text(operand);
    const instead = `coalesce(${text}, 0)`;
    this.problems.push({
      severity: 'warning',
      message: `${text} may be null; then the record goes to the dead letters`,
      hint: `Write ${instead} to take 0 instead.`,
      span: operand.span,
      fix: { label: `Change to ${instead}`, source: this.replaced(operand.span, instead) },
    });
  }

  private arithmetic({ operator, left, right }: Expression & { kind: 'arithmetic' }): Checked {
    const [checkedLeft, checkedRight] = [this.check(left), this.check(right)];
    const joins = [checkedLeft, checkedRight].some(({ type }) => !isUnknown(type) && isText(type));
    if (operator === '+' && joins) {
      this.joinable(left, checkedLeft);
      this.joinable(right, checkedRight);
      return { type: { kind: 'string' }, nullable: false };
    }
    const a = this.number(left, checkedLeft, operator);
    const b = this.number(right, checkedRight, operator);
    if (operator === '/')
      return { type: { kind: isDecimal(a) || isDecimal(b) ? 'decimal' : 'double' }, nullable: false };
    if (operator === '-' && a.kind === 'timestamp' && b.kind !== 'timestamp') return { type: a, nullable: false };
    if (operator === '+' && (a.kind === 'timestamp') !== (b.kind === 'timestamp')) {
      return { type: { kind: 'timestamp' }, nullable: false };
    }
    return { type: numericType(a, b), nullable: false };
  }

  /** The operand must be a text or a number; null is warned of. */
  private joinable(operand: Expression, { type, nullable }: Checked): void {
    const { span } = operand;
    if (!isUnknown(type) && !isText(type) && !isNumeric(type)) {
      this.error(`+ joins texts and numbers; ${this.text(operand)} is ${formatType(type)}`, span, 'Use string(…).');
    }
    if (!nullable) return;
    const message = `${this.text(operand)} may be null; then the record goes to the dead letters`;
    this.problems.push({ severity: 'warning', message, span, hint: 'concat(…) takes null for nothing.' });
  }

  private comparison({ operator, left, right, span }: Expression & { kind: 'comparison' }): Checked {
    const [a, b] = [this.check(left).type, this.check(right).type];
    const comparable = isUnknown(a) || isUnknown(b) || (isNumeric(a) && isNumeric(b)) || (isText(a) && isText(b));
    if (!comparable) {
      const message = `${operator} compares numbers, or texts; not ${formatType(a)} with ${formatType(b)}`;
      const hint =
        a.kind === 'timestamp' || b.kind === 'timestamp'
          ? "Write timestamp('2026-11-22') for a point in time."
          : undefined;
      this.error(message, span, hint);
    }
    return { type: boolean, nullable: false };
  }

  private equality({ left, right, span }: Expression & { kind: 'equality' }): Checked {
    const [a, b] = [this.check(left).type, this.check(right).type];
    this.comparable(a, b, span);
    return { type: boolean, nullable: false };
  }

  /** Values of the two types can be the same; if not, comparing them is a mistake. */
  private comparable(a: Type, b: Type, span: Span): void {
    if (isUnknown(a) || isUnknown(b)) return;
    const { models } = this.scope;
    const whole = [a, b].find((type) => ['list', 'map', 'record', 'model'].includes(type.kind));
    if (whole !== undefined) {
      this.error(`${formatType(whole)} can't be compared as a whole`, span, 'Compare a field of it, or with null.');
      return;
    }
    const literal =
      a.kind === 'enum' && b.kind === 'enum' ? [...a.values].some((value) => b.values.includes(value)) : undefined;
    if (literal ?? (isAssignable(a, b, models) || isAssignable(b, a, models) || (isNumeric(a) && isNumeric(b)))) return;
    this.error(`${formatType(a)} is never the same as ${formatType(b)}`, span, this.enumHint(a, b));
  }

  private enumHint(a: Type, b: Type): string | undefined {
    if (a.kind !== 'enum' || b.kind !== 'enum') return undefined;
    const [all, one] = a.values.length > b.values.length ? [a, b] : [b, a];
    const meant = nearest(one.values[0] ?? '', all.values);
    return meant === undefined ? `It is one of ${oneOf(all.values, 12)}.` : `Did you mean '${meant}'?`;
  }

  private logical({ operator, left, right }: Expression & { kind: 'logical' }): Checked {
    if (operator !== '??') {
      this.condition(left, operator);
      this.condition(right, operator);
      return { type: boolean, nullable: false };
    }
    const [a, b] = [this.check(left), this.check(right)];
    return { type: commonType(a.type, b.type, this.scope.models), nullable: b.nullable };
  }

  private conditional({ test, yes, no }: Expression & { kind: 'conditional' }): Checked {
    this.condition(test, '?');
    const [a, b] = [this.check(yes), this.check(no)];
    return { type: commonType(a.type, b.type, this.scope.models), nullable: a.nullable || b.nullable };
  }

  private in({ value, list }: Expression & { kind: 'in' }): Checked {
    const wanted = this.check(value).type;
    const { type } = this.check(list);
    if (isUnknown(type)) return { type: boolean, nullable: false };
    if (type.kind === 'list') this.comparable(wanted, type.items, value.span);
    else this.error(`in looks into a list; ${this.text(list)} is ${formatType(type)}`, list.span, "Write ['a', 'b'].");
    return { type: boolean, nullable: false };
  }

  private common(items: readonly Expression[]): Type {
    return items
      .map((item) => this.check(item).type)
      .reduce((a, b) => commonType(a, b, this.scope.models), unknownType);
  }

  private object({ entries }: Expression & { kind: 'object' }): Checked {
    const fields = entries.map(({ name, value }) => {
      const { type, nullable } = this.check(value);
      return [name, { type, optional: nullable, sensitive: false }] as const;
    });
    return { type: { kind: 'record', fields: Object.fromEntries(fields) }, nullable: false };
  }
}

const isDecimal = (type: Type): boolean => type.kind === 'decimal';

function literalType(value: Literal): Checked {
  if (value === null) return { type: unknownType, nullable: true };
  if (typeof value === 'string') return { type: { kind: 'enum', values: [value] }, nullable: false };
  if (typeof value === 'boolean') return { type: boolean, nullable: false };
  if (typeof value === 'bigint') return { type: { kind: 'long' }, nullable: false };
  if (value instanceof Decimal) return { type: { kind: 'decimal' }, nullable: false };
  if (!Number.isInteger(value)) return { type: { kind: 'double' }, nullable: false };
  return { type: { kind: Math.abs(value) < 2 ** 31 ? 'int' : 'long' }, nullable: false };
}
