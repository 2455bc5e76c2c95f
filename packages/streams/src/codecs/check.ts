import { type AppDocument, compilePattern, type Field, type Type } from '@millrace/spec';
import { unreachable } from '../assert.ts';
import { DecodeError, quoted } from './decode-error.ts';
import { nounOf, readPrimitive } from './primitive.ts';

/**
 * Checks a value parsed from JSON against a type and returns it as it is in memory. Objects are completed in place: the caller owns them.
 * @throws DecodeError, naming the field by `name`.
 */
export type Check = (value: unknown, name: string) => unknown;

/** Compiles types of one document to checks; a model once, so that models may nest themselves. */
export class CheckCompiler {
  readonly #models: AppDocument['models'];
  readonly #compiled = new Map<string, Check>();

  constructor(models: AppDocument['models']) {
    this.#models = models;
  }

  compile(type: Type): Check {
    switch (type.kind) {
      case 'enum': {
        const values = new Set<unknown>(type.values);
        const words = type.values.join(', ');
        return (value, name) => (values.has(value) ? value : fail(`${name} is not one of ${words}: ${quoted(value)}`));
      }
      case 'list': {
        const item = this.compile(type.items);
        return (value, name) => {
          if (!Array.isArray(value)) return fail(`${name} is not a list: ${quoted(value)}`);
          for (let i = 0; i < value.length; i++) value[i] = item(value[i], `${name}[${i}]`);
          return value;
        };
      }
      case 'map': {
        const entry = this.compile(type.values);
        return (value, name) => {
          const object = asObject(value, name);
          for (const key of Object.keys(object)) object[key] = entry(object[key], `${name}.${key}`);
          return object;
        };
      }
      case 'model':
        return this.#model(type.model);
      case 'record':
        return this.fields(type.fields, 'all');
      case 'union': {
        const members = type.of.map((member) => this.compile(member));
        return (value, name) => {
          for (const member of members) {
            try {
              return member(value, name);
            } catch (error) {
              if (!(error instanceof DecodeError)) throw error;
            }
          }
          return fail(`${name} is none of its types: ${quoted(value)}`);
        };
      }
      default: {
        const { kind } = type;
        const noun = nounOf[kind];
        return (value, name) => {
          const read = readPrimitive(kind, value);
          return read === undefined ? fail(`${name} is not ${noun}: ${quoted(value)}`) : read;
        };
      }
    }
  }

  /** Checks an object's fields: the required ones always, the others only where `used` names them. */
  fields(fields: Readonly<Record<string, Field>>, used: ReadonlySet<string> | 'all'): Check {
    const checks = Object.entries(fields)
      .filter(([name, field]) => used === 'all' || used.has(name) || isRequired(field))
      .map(([name, field]) => this.#field(name, field));
    return (value, name) => {
      const object = asObject(value, name);
      const prefix = name === rootName ? '' : `${name}.`;
      for (let i = 0; i < checks.length; i++) checks[i]?.(object, prefix);
      return object;
    };
  }

  #model(model: string): Check {
    const known = this.#compiled.get(model);
    if (known !== undefined) return known;
    let check: Check | undefined;
    // In place before its fields are compiled, which may name the model again.
    this.#compiled.set(model, (value, name) => (check ?? unreachable(model as never))(value, name));
    check = this.fields(this.#models[model]?.fields ?? {}, 'all');
    this.#compiled.set(model, check);
    return check;
  }

  #field(name: string, field: Field): (object: Record<string, unknown>, prefix: string) => void {
    const check = withLimits(this.compile(field.type), field);
    const written = field.alias ?? name;
    const absent = field.default ?? null;
    const required = isRequired(field);
    return (object, prefix) => {
      const value = object[written];
      if (value === undefined || value === null) {
        if (required) throw new DecodeError(`${prefix}${written} is ${value === null ? 'null' : 'missing'}`);
        object[name] = absent;
        return;
      }
      const read = check(value, prefix + written);
      if (read !== value || written !== name) object[name] = read;
      if (written !== name) delete object[written];
    };
  }
}

/** The name of a value as a whole, in reasons. */
export const rootName = 'the value';

export const isRequired = (field: Field): boolean => !field.optional && field.default === undefined;

const fail = (reason: string): never => {
  throw new DecodeError(reason);
};

const asObject = (value: unknown, name: string): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError(`${name} is not an object: ${quoted(value)}`);
  }
  return value as Record<string, unknown>; // an object, as just seen
};

const withLimits = (check: Check, field: Field): Check => {
  const limits = limitsOf(field);
  const checked: Check =
    limits.length === 0
      ? check
      : (value, name) => {
          const read = check(value, name);
          for (const { breaks, words } of limits)
            if (breaks(read)) throw new DecodeError(`${name} ${words}: ${quoted(read)}`);
          return read;
        };
  if (!field.sensitive) return checked;
  return (value, name) => {
    try {
      return checked(value, name);
    } catch (error) {
      // What is masked in the dashboard must not come out through a reason.
      if (error instanceof DecodeError)
        throw new DecodeError(`${name} is not as its field says (the field is sensitive)`);
      throw error;
    }
  };
};

interface Limit {
  readonly breaks: (value: unknown) => boolean;
  readonly words: string;
}

const limitsOf = ({ min, max, minLength, maxLength, pattern }: Field): Limit[] => {
  const limits: Limit[] = [];
  if (min !== undefined) limits.push({ breaks: (value) => (value as number) < min, words: `is below ${min}` }); // min stands on numbers only
  if (max !== undefined) limits.push({ breaks: (value) => (value as number) > max, words: `is above ${max}` }); // as min
  if (minLength !== undefined)
    limits.push({ breaks: (value) => lengthOf(value) < minLength, words: `is shorter than ${minLength}` });
  if (maxLength !== undefined)
    limits.push({ breaks: (value) => lengthOf(value) > maxLength, words: `is longer than ${maxLength}` });
  if (pattern !== undefined) {
    const finds = compilePattern(pattern);
    limits.push({ breaks: (value) => !finds(String(value)), words: `does not match ${pattern}` });
  }
  return limits;
};

const lengthOf = (value: unknown): number =>
  typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys(value as object).length; // lengths stand on texts, lists and maps only
