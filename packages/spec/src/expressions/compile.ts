import type { Kind } from '../numbers/arithmetic.ts';
import { identityOf } from '../numbers/exact.ts';
import { isInteger } from '../types/assignable.ts';
import { entryOf, fieldOf, ownEntry, valueField } from './access.ts';
import { calculating, negating, type Operand } from './calculating.ts';
import { calling } from './calling.ts';
import { Checker } from './checker.ts';
import { comparing, comparingNumber, equating, equatingConstant, inList, oneOfConstants } from './comparing.ts';
import { type Evaluate, ExpressionError, type WindowBounds } from './evaluation.ts';
import { asText, functionNamed } from './functions.ts';
import { allHeaders, type Headers, headerNamed, headerOf } from './headers.ts';
import { parseExpression } from './parser.ts';
import { compilePattern, patternProblem } from './pattern.ts';
import { PatternTooSlow } from './pattern-automaton.ts';
import type { Scope } from './scope.ts';
import type { Comparison, Expression } from './syntax.ts';

/** One event, as an expression sees it. */
export interface Row {
  readonly key: unknown;
  readonly value: unknown;
  readonly timeMs: number;
  readonly headers?: Headers;
  readonly window?: WindowBounds | undefined;
}

/**
 * Compiles an expression to closures: the hot form, which allocates nothing for a record. See `Evaluate` for its contract.
 * @param scope what it sees: with it, arithmetic on longs is one of 64 bits and arithmetic on doubles a double's; without it, the values decide
 * @throws SyntaxError for a text that `typeCheck` reports an error on before types come in: bad syntax, an unknown name or function.
 */
export function compileExpressionColumns(source: string, scope?: Scope): Evaluate {
  const parsed = parseExpression(source);
  if ('problem' in parsed) throw new SyntaxError(`${parsed.problem.message}: ${source}`);
  return new Compiler(source, scope).compile(parsed.expression);
}

/** The same over a row. */
export function compileExpression(source: string, scope?: Scope): (row: Row) => unknown {
  const evaluate = compileExpressionColumns(source, scope);
  return ({ key, value, timeMs, headers, window }) => evaluate(key, value, timeMs, headers, window);
}

const isConstant = (expression: Expression): expression is Expression & { kind: 'literal' } =>
  expression.kind === 'literal';

const mirrored: Readonly<Record<Comparison, Comparison>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

class Compiler {
  private readonly source: string;
  private readonly scope: Scope | undefined;

  constructor(source: string, scope: Scope | undefined) {
    this.source = source;
    this.scope = scope;
  }

  compile(expression: Expression): Evaluate {
    switch (expression.kind) {
      case 'literal': {
        const { value } = expression;
        return () => value;
      }
      case 'name':
        return this.name(expression);
      case 'member':
        return this.member(expression);
      case 'index':
        return expression.object.kind === 'name' && expression.object.name === 'headers'
          ? headerOf(this.compile(expression.index), expression.span)
          : entryOf(this.compile(expression.object), this.compile(expression.index));
      case 'not': {
        const operand = this.compile(expression.operand);
        return (key, value, timeMs, headers, window) => operand(key, value, timeMs, headers, window) !== true;
      }
      case 'negative':
        return negating(this.operand(expression.operand));
      case 'arithmetic':
        return calculating(
          expression.operator,
          this.operand(expression.left),
          this.operand(expression.right),
          this.kind(expression.left, expression.right),
        );
      case 'comparison':
        return this.comparison(expression.operator, expression.left, expression.right);
      case 'equality':
        return this.equality(expression.left, expression.right, expression.negated);
      case 'logical':
        return this.logical(expression.operator, this.compile(expression.left), this.compile(expression.right));
      case 'conditional':
        return conditional(this.compile(expression.test), this.compile(expression.yes), this.compile(expression.no));
      case 'in':
        return this.in(expression.value, expression.list);
      case 'list':
        return list(expression.items.map((item) => this.compile(item)));
      case 'object':
        return object(expression.entries.map(({ name, value }) => [name, this.compile(value)] as const));
      case 'template':
        return template(
          expression.texts,
          expression.parts.map((part) => this.compile(part)),
        );
      case 'call':
        return this.call(expression.name, expression.args);
    }
  }

  /** What is known of two operands' types. */
  private kind(...operands: readonly Expression[]): Kind {
    const { scope } = this;
    if (scope === undefined) return 'any';
    const types = operands.map((operand) => new Checker(this.source, scope).check(operand).type);
    if (types.every(isInteger)) return 'long';
    return types.some(({ kind }) => kind === 'float' || kind === 'double') ? 'double' : 'any';
  }

  private operand(expression: Expression): Operand {
    const { span } = expression;
    return { evaluate: this.compile(expression), source: this.source.slice(span.start, span.end), span };
  }

  private name({ name, span }: Expression & { kind: 'name' }): Evaluate {
    switch (name) {
      case 'key':
        return (key) => key ?? null;
      case 'value':
        return (_key, value) => value ?? null;
      case 'time':
        return (_key, _value, timeMs) => timeMs;
      case 'headers':
        return allHeaders(span);
      case 'window':
        return (_key, _value, _timeMs, _headers, window) => window ?? null;
      default:
        throw new SyntaxError(`${name} is not known: ${this.source}`);
    }
  }

  private member(expression: Expression & { kind: 'member' }): Evaluate {
    const { object, name } = expression;
    if (object.kind === 'name' && object.name === 'value') return valueField(name);
    if (object.kind === 'name' && object.name === 'headers') return headerNamed(name, expression.span);
    if (object.kind === 'name' && object.name === 'window') {
      return (_key, _value, _timeMs, _headers, window) => ownEntry(window, name);
    }
    return fieldOf(this.compile(object), name);
  }

  private comparison(operator: Comparison, left: Expression, right: Expression): Evaluate {
    if (isConstant(right) && typeof right.value === 'number')
      return comparingNumber(operator, this.compile(left), right.value);
    if (isConstant(left) && typeof left.value === 'number')
      return comparingNumber(mirrored[operator], this.compile(right), left.value);
    return comparing(operator, this.compile(left), this.compile(right));
  }

  private equality(left: Expression, right: Expression, negated: boolean): Evaluate {
    if (isConstant(right)) return equatingConstant(this.compile(left), right.value, negated);
    if (isConstant(left)) return equatingConstant(this.compile(right), left.value, negated);
    return equating(this.compile(left), this.compile(right), negated);
  }

  private logical(operator: '&&' | '||' | '??', left: Evaluate, right: Evaluate): Evaluate {
    switch (operator) {
      case '&&':
        return (key, value, timeMs, headers, window) =>
          left(key, value, timeMs, headers, window) === true && right(key, value, timeMs, headers, window) === true;
      case '||':
        return (key, value, timeMs, headers, window) =>
          left(key, value, timeMs, headers, window) === true || right(key, value, timeMs, headers, window) === true;
      case '??':
        return (key, value, timeMs, headers, window) =>
          left(key, value, timeMs, headers, window) ?? right(key, value, timeMs, headers, window);
    }
  }

  private in(value: Expression, items: Expression): Evaluate {
    const evaluate = this.compile(value);
    if (items.kind === 'list' && items.items.every(isConstant)) {
      return oneOfConstants(
        evaluate,
        new Set(items.items.map((item) => (isConstant(item) ? identityOf(item.value) : null))),
      );
    }
    return inList(evaluate, this.compile(items));
  }

  private call(name: string, args: readonly Expression[]): Evaluate {
    const fn = functionNamed(name);
    if (fn === undefined) throw new SyntaxError(`there is no function ${name}: ${this.source}`);
    return calling(
      fn,
      args.map((arg, index) => (fn.parameters[index] === 'pattern' ? this.pattern(arg) : this.compile(arg))),
    );
  }

  private pattern(arg: Expression): Evaluate {
    if (!isConstant(arg) || typeof arg.value !== 'string')
      throw new SyntaxError(`a pattern is a text in quotes: ${this.source}`);
    const why = patternProblem(arg.value);
    if (why !== null) throw new SyntaxError(`the pattern ${why}: ${this.source}`);
    const finds = compilePattern(arg.value);
    const inWords = (text: string): boolean => {
      try {
        return finds(text);
      } catch (error) {
        if (error instanceof PatternTooSlow) throw new ExpressionError(error.message, arg.span);
        throw error;
      }
    };
    return () => inWords;
  }
}

function conditional(test: Evaluate, yes: Evaluate, no: Evaluate): Evaluate {
  return (key, value, timeMs, headers, window) =>
    test(key, value, timeMs, headers, window) === true
      ? yes(key, value, timeMs, headers, window)
      : no(key, value, timeMs, headers, window);
}

function list(items: readonly Evaluate[]): Evaluate {
  return (key, value, timeMs, headers, window) => items.map((item) => item(key, value, timeMs, headers, window));
}

function object(entries: readonly (readonly [string, Evaluate])[]): Evaluate {
  return (key, value, timeMs, headers, window) => {
    const made: Record<string, unknown> = {};
    for (const [name, evaluate] of entries) made[name] = evaluate(key, value, timeMs, headers, window);
    return made;
  };
}

function template(texts: readonly string[], parts: readonly Evaluate[]): Evaluate {
  return (key, value, timeMs, headers, window) => {
    let text = texts[0] ?? '';
    for (const [index, part] of parts.entries()) {
      text += asText(part(key, value, timeMs, headers, window)) + (texts[index + 1] ?? '');
    }
    return text;
  };
}
