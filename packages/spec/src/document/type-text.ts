import type { Span } from '../problem.ts';
import { type Primitive, primitives, type TimeUnit, type Type, timeUnits } from './type.ts';

export interface TypeText {
  readonly type: Type;
  /** Written with a trailing `?`. */
  readonly optional: boolean;
}

export interface TypeTextFault {
  readonly message: string;
  readonly span: Span;
}

const isTimeUnit = (name: string): name is TimeUnit => (timeUnits as readonly string[]).includes(name);

const isPrimitive = (name: string): name is Primitive => (primitives as readonly string[]).includes(name);

/**
 * Reads a type as it is written: `string`, `LoginAttempt`, `list<string>`, `map<list<long>>`, `string | long`, `'a' | 'b'`, each with an
 * optional `?` at its end. A name that is no primitive is taken for a model; whether that exists is the validator's question.
 */
export function parseType(text: string): TypeText | TypeTextFault {
  const reader = new TypeReader(text);
  try {
    return reader.whole();
  } catch (error) {
    if (error instanceof TypeSyntaxError) return { message: error.message, span: error.span };
    throw error;
  }
}

class TypeSyntaxError extends Error {
  readonly span: Span;
  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }
}

class TypeReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  whole(): TypeText {
    const type = this.union(0);
    const optional = this.take('?');
    if (this.at < this.text.length)
      throw this.fault(`${JSON.stringify(this.text.slice(this.at))} is not part of a type`);
    return { type, optional };
  }

  private union(depth: number): Type {
    if (depth > 20) throw this.fault('types are nested at most 20 deep');
    const members = [this.single(depth)];
    while (this.take('|')) members.push(this.single(depth));
    return unionOf(members);
  }

  private single(depth: number): Type {
    this.space();
    const start = this.at;
    const literal = /^'([^']*)'|^"([^"]*)"/.exec(this.text.slice(start));
    if (literal !== null) {
      this.at += literal[0].length;
      this.space();
      return { kind: 'enum', values: [literal[1] ?? literal[2] ?? ''] };
    }
    const name = /^[A-Za-z_$][\w$]*/.exec(this.text.slice(start))?.[0];
    if (name === undefined) throw this.fault('a type is missing');
    this.at += name.length;
    this.space();
    if (name === 'timestamp' && this.take('(')) return this.timestamp();
    if (this.text[this.at] !== '<') {
      if (name === 'list' || name === 'map') throw this.fault(`say of what: ${name}<string>`);
      return isPrimitive(name) ? { kind: name } : { kind: 'model', model: name };
    }
    if (name !== 'list' && name !== 'map') throw this.fault(`${name} takes no type in <…>; list<…> and map<…> do`);
    this.at++;
    const inner = this.union(depth + 1);
    if (!this.take('>')) throw this.fault('a closing > is missing');
    return name === 'list' ? { kind: 'list', items: inner } : { kind: 'map', values: inner };
  }

  /** The unit, from behind its opening parenthesis. */
  private timestamp(): Type {
    const unit = /^[A-Za-zµμ]*/.exec(this.text.slice(this.at))?.[0] ?? '';
    if (unit !== 'ms' && !isTimeUnit(unit)) throw this.fault('a timestamp is in s, ms, us, ns or iso: timestamp(us)');
    this.at += unit.length;
    if (!this.take(')')) throw this.fault('a closing ) is missing');
    return unit === 'ms' ? { kind: 'timestamp' } : { kind: 'timestamp', unit };
  }

  private take(mark: string): boolean {
    this.space();
    if (this.text[this.at] !== mark) return false;
    this.at++;
    this.space();
    return true;
  }

  private space(): void {
    while (this.text[this.at] === ' ') this.at++;
  }

  private fault(message: string): TypeSyntaxError {
    // At the end there is nothing to mark but what comes before it.
    const start = Math.max(0, Math.min(this.at, this.text.length - 1));
    return new TypeSyntaxError(message, { start, end: this.text.length });
  }
}

/** The union of types: members merged where they are the same, enums into one. One member is itself; none is the unknown type. */
export function unionOf(members: readonly Type[]): Type {
  const flat = members.flatMap((member) => (member.kind === 'union' && member.of.length > 0 ? member.of : [member]));
  const values = [...new Set(flat.flatMap((member) => (member.kind === 'enum' ? member.values : [])))];
  const distinct = new Map<string, Type>();
  for (const member of flat) {
    if (member.kind === 'enum') distinct.set('enum', { kind: 'enum', values });
    else distinct.set(formatType(member), member);
  }
  const [first, ...others] = distinct.values();
  return first !== undefined && others.length === 0 ? first : { kind: 'union', of: [...distinct.values()] };
}

/** The union of nothing: a type that could not be found out. It goes with every other, so that one mistake is reported once. */
export const unknownType: Type = { kind: 'union', of: [] };

export const isUnknown = (type: Type): boolean => type.kind === 'union' && type.of.length === 0;

/** A type as it is written in a document; inline records as `{ ip: string, user: string? }`. */
export function formatType(type: Type): string {
  switch (type.kind) {
    case 'enum':
      return type.values.map((value) => `'${value}'`).join(' | ');
    case 'list':
      return `list<${formatType(type.items)}>`;
    case 'map':
      return `map<${formatType(type.values)}>`;
    case 'model':
      return type.model;
    case 'record': {
      const fields = Object.entries(type.fields).map(
        ([name, field]) => `${name}: ${formatType(field.type)}${field.optional ? '?' : ''}`,
      );
      return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
    }
    case 'union':
      return type.of.length === 0 ? 'unknown' : type.of.map(formatType).join(' | ');
    case 'timestamp':
      return type.unit === undefined ? type.kind : `timestamp(${type.unit})`;
    default:
      return type.kind;
  }
}
