import { type AppDocument, Decimal, doubleOf, hasFields, isExact, setField, type Type } from '@millrace/spec';

/** Makes of a value that went through JSON what it was. Lists and objects are changed in place: the caller owns them. */
export type Revive = (value: unknown) => unknown;

type Models = AppDocument['models'];

/**
 * JSON does not say whether a number was a decimal, a long or a double; the type does. Only for what this program wrote itself: nothing is
 * checked. Undefined: values of the type come back as they were.
 */
export const reviver = (type: Type, models: Models): Revive | undefined => new ReviverCompiler(models).compile(type);

class ReviverCompiler {
  readonly #models: Models;
  /** `null`: being compiled, or nothing to do. */
  readonly #compiled = new Map<string, Revive | null>();

  constructor(models: Models) {
    this.#models = models;
  }

  compile(type: Type): Revive | undefined {
    switch (type.kind) {
      case 'decimal':
        return toDecimal;
      case 'float':
      case 'double':
        return toDouble;
      case 'list': {
        const item = this.compile(type.items);
        return (
          item &&
          ((value) => {
            if (Array.isArray(value)) for (let i = 0; i < value.length; i++) value[i] = item(value[i]);
            return value;
          })
        );
      }
      case 'map': {
        const entry = this.compile(type.values);
        return (
          entry &&
          ((value) => {
            if (hasFields(value)) for (const name of Object.keys(value)) setField(value, name, entry(value[name]));
            return value;
          })
        );
      }
      case 'model':
        return this.#model(type.model);
      case 'record':
        return this.#fields(type.fields);
      case 'union': {
        // The first member that makes something else of a value; nothing tells the others apart any more.
        const members = type.of.flatMap((member) => this.compile(member) ?? []);
        if (members.length === 0) return undefined;
        return (value) => {
          for (const member of members) {
            const revived = member(value);
            if (revived !== value) return revived;
          }
          return value;
        };
      }
      default:
        return undefined;
    }
  }

  #model(name: string): Revive | undefined {
    if (this.#compiled.has(name)) return (value) => this.#compiled.get(name)?.(value) ?? value;
    this.#compiled.set(name, null);
    const revive = this.#fields(this.#models[name]?.fields ?? {});
    this.#compiled.set(name, revive ?? null);
    return revive;
  }

  #fields(fields: Readonly<Record<string, { readonly type: Type }>>): Revive | undefined {
    const revivers = Object.entries(fields).flatMap(([name, { type }]): [string, Revive][] => {
      const revive = this.compile(type);
      return revive === undefined ? [] : [[name, revive]];
    });
    if (revivers.length === 0) return undefined;
    return (value) => {
      if (!hasFields(value)) return value;
      for (const [name, revive] of revivers) {
        const field = Object.hasOwn(value, name) ? value[name] : undefined;
        if (field !== undefined && field !== null) setField(value, name, revive(field));
      }
      return value;
    };
  }
}

const toDecimal: Revive = (value) => {
  if (typeof value === 'string') return Decimal.read(value, true) ?? value;
  return isExact(value) && !(value instanceof Decimal) ? (Decimal.read(String(value)) ?? value) : value;
};

const toDouble: Revive = (value) => (typeof value !== 'number' && isExact(value) ? doubleOf(value) : value);
