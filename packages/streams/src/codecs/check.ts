import {
  type AppDocument,
  compareNumbers,
  compilePattern,
  Decimal,
  type Exact,
  type Field,
  hasFields,
  isNumeric,
  isUnknown,
  numberOf,
  PatternTooSlow,
  setField,
  type Type,
} from '@millrace/spec';
import { unreachable } from '../assert.ts';
import { type Keep, keeperOf } from './as-it-came.ts';
import { DecodeError, quoted } from './decode-error.ts';
import { notATime } from './event-time.ts';
import { misfitOf, readPrimitive } from './primitive.ts';
import { readTime } from './time-unit.ts';

/**
 * Checks a value parsed from JSON against a type and returns it as it is in memory. Objects are completed in place: the caller owns them.
 * @throws DecodeError, naming the field by `name`.
 */
export type Check = (value: unknown, name: string) => unknown;

/** Compiles types of one document to checks; a model once, so that models may nest themselves. */
export class CheckCompiler {
  readonly #models: AppDocument['models'];
  readonly #keepsForm: boolean;
  readonly #compiled = new Map<string, Check>();

  /** `keepsForm`: how times and numbers were written is remembered, for what is to be written again. */
  constructor(models: AppDocument['models'], keepsForm = true) {
    this.#models = models;
    this.#keepsForm = keepsForm;
  }

  #keeperOf(type: Type): Keep | undefined {
    return this.#keepsForm ? keeperOf(type) : undefined;
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
        const keep = this.#keeperOf(type.items);
        return (value, name) => {
          if (!Array.isArray(value)) return fail(`${name} is not a list: ${quoted(value)}`);
          for (let i = 0; i < value.length; i++) {
            const read = item(value[i], `${name}[${i}]`);
            keep?.(value, i, read, value[i]);
            value[i] = read;
          }
          return value;
        };
      }
      case 'map': {
        const entry = this.compile(type.values);
        const keep = this.#keeperOf(type.values);
        return (value, name) => {
          const object = asObject(value, name);
          for (const key of Object.keys(object)) {
            const read = entry(object[key], `${name}.${key}`);
            keep?.(object, key, read, object[key]);
            object[key] = read;
          }
          return object;
        };
      }
      case 'model':
        return this.#model(type.model);
      case 'record':
        return this.fields(type.fields, 'all');
      case 'union': {
        // What could not be found out is taken as it is.
        if (isUnknown(type)) return (value) => value;
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
      case 'timestamp': {
        const { unit } = type;
        return (value, name) => readTime(value, unit) ?? fail(notATime(name, value, unit));
      }
      default: {
        const { kind } = type;
        return (value, name) => {
          const read = readPrimitive(kind, value);
          return read === undefined ? fail(`${name} ${misfitOf(kind, value)}: ${quoted(value)}`) : read;
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
    // Every object has one of that name, by inheritance.
    const isInherited = written in Object.prototype;
    const absent = defaultOf(field, check, name);
    const required = isRequired(field);
    const keep = this.#keeperOf(field.type);
    return (object, prefix) => {
      const value = isInherited && !Object.hasOwn(object, written) ? undefined : object[written];
      if (value === undefined || value === null) {
        if (required) throw new DecodeError(`${prefix}${written} is ${value === null ? 'null' : 'missing'}`);
        setField(object, name, absent());
        return;
      }
      const read = check(value, prefix + written);
      keep?.(object, name, read, value);
      if (read !== value || written !== name) setField(object, name, read);
      if (written !== name) delete object[written];
    };
  }
}

/** The name of a value as a whole, in reasons. */
export const rootName = 'the value';

/** What a field is where it is absent, as it is in memory; read when it is first wanted, since models may nest themselves. */
export const defaultOf = (field: Field, check: Check, name: string): (() => unknown) => {
  if (field.default === undefined || field.default === null) return () => null;
  let read: unknown;
  return () => {
    read ??= check(plainDefault(field), name);
    return read;
  };
};

/** In a document, a number whose digits YAML would not keep stands in quotes. */
const plainDefault = ({ type, default: value }: Field): unknown => {
  if (typeof value !== 'string' || !isNumeric(type)) return structuredClone(value);
  return type.kind === 'decimal' ? Decimal.read(value) : numberOf(value);
};

export const isRequired = (field: Field): boolean => !field.optional && field.default === undefined;

const fail = (reason: string): never => {
  throw new DecodeError(reason);
};

const asObject = (value: unknown, name: string): Record<string, unknown> => {
  if (!hasFields(value)) throw new DecodeError(`${name} is not an object: ${quoted(value)}`);
  return value as Record<string, unknown>; // the caller owns it
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
  const least = boundOf(min);
  const most = boundOf(max);
  if (least !== undefined)
    limits.push({ breaks: (value) => compareNumbers(value as Exact, least) < 0, words: `is below ${min}` }); // min stands on numbers only
  if (most !== undefined)
    limits.push({ breaks: (value) => compareNumbers(value as Exact, most) > 0, words: `is above ${max}` }); // as min
  if (minLength !== undefined)
    limits.push({ breaks: (value) => lengthOf(value) < minLength, words: `is shorter than ${minLength}` });
  if (maxLength !== undefined)
    limits.push({ breaks: (value) => lengthOf(value) > maxLength, words: `is longer than ${maxLength}` });
  if (pattern !== undefined) {
    const finds = compilePattern(pattern);
    limits.push({ breaks: (value) => !matches(finds, String(value)), words: `does not match ${pattern}` });
  }
  return limits;
};

/** @throws DecodeError for a text that is too long for the pattern */
const matches = (finds: (text: string) => boolean, text: string): boolean => {
  try {
    return finds(text);
  } catch (error) {
    if (error instanceof PatternTooSlow) throw new DecodeError(error.message);
    throw error;
  }
};

const boundOf = (bound: number | string | undefined): Exact | undefined =>
  bound === undefined ? undefined : numberOf(String(bound));

const lengthOf = (value: unknown): number =>
  typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys(value as object).length; // lengths stand on texts, lists and maps only
