import type { AppDocument } from '../document/document.ts';
import type { Field, Type } from '../document/type.ts';

/**
 * Which parts of a value are sensitive: all of it, none, some fields by name, or parts of every item or entry. What is derived from a sensitive
 * field is sensitive, whatever its type.
 */
export type Sensitivity =
  | boolean
  | { readonly fields: Readonly<Record<string, Sensitivity>> }
  | { readonly items: Sensitivity };

/** Of a key and a value. */
export interface RecordSensitivity {
  readonly key: Sensitivity;
  readonly value: Sensitivity;
}

export const nothingSensitive: RecordSensitivity = { key: false, value: false };

/** What a type says itself. A field counts under its alias too: a record as it is written has it by that name. */
export function sensitivityOf(
  type: Type,
  models: AppDocument['models'],
  above: ReadonlySet<string> = new Set(),
): Sensitivity {
  switch (type.kind) {
    case 'model':
      // A model within itself: what is sensitive in it is found at the first.
      if (above.has(type.model)) return false;
      return sensitiveFields(models[type.model]?.fields ?? {}, models, new Set([...above, type.model]));
    case 'record':
      return sensitiveFields(type.fields, models, above);
    case 'list':
      return itemsOf(sensitivityOf(type.items, models, above));
    case 'map':
      return itemsOf(sensitivityOf(type.values, models, above));
    case 'union':
      return type.of.map((member) => sensitivityOf(member, models, above)).reduce(either, false);
    default:
      return false;
  }
}

function sensitiveFields(
  fields: Readonly<Record<string, Field>>,
  models: AppDocument['models'],
  above: ReadonlySet<string>,
): Sensitivity {
  return fieldsOf(
    Object.entries(fields).flatMap(([name, field]): [string, Sensitivity][] => {
      const sensitivity = field.sensitive || sensitivityOf(field.type, models, above);
      return field.alias === undefined
        ? [[name, sensitivity]]
        : [
            [name, sensitivity],
            [field.alias, sensitivity],
          ];
    }),
  );
}

/** Of an object's fields; false where none is. */
export function fieldsOf(entries: readonly (readonly [string, Sensitivity])[]): Sensitivity {
  const sensitive = entries.filter(([, sensitivity]) => sensitivity !== false);
  return sensitive.length === 0 ? false : { fields: Object.fromEntries(sensitive) };
}

const itemsOf = (items: Sensitivity): Sensitivity => (items === false ? false : { items });

/** What either says. */
export function either(a: Sensitivity, b: Sensitivity): Sensitivity {
  if (a === true || b === true) return true;
  if (a === false) return b;
  if (b === false) return a;
  if ('fields' in a && 'fields' in b) {
    const names = new Set([...Object.keys(a.fields), ...Object.keys(b.fields)]);
    return fieldsOf([...names].map((name) => [name, either(entry(a, name), entry(b, name))]));
  }
  return 'items' in a && 'items' in b ? itemsOf(either(a.items, b.items)) : true;
}

/** Of a field, an item, or an entry by name. */
export function entry(of: Sensitivity, name: string): Sensitivity {
  if (typeof of === 'boolean') return of;
  if ('items' in of) return of.items;
  return Object.hasOwn(of.fields, name) ? (of.fields[name] ?? false) : false;
}

/** Stands for a sensitive value, whatever it is. */
export const maskText = '••••';

/** The value with `••••` in the place of what is sensitive; null stays null. Objects are copied where something is masked. */
export function masked(value: unknown, sensitivity: Sensitivity): unknown {
  if (sensitivity === false || value === null || value === undefined) return value;
  if (sensitivity === true) return maskText;
  if (Array.isArray(value)) {
    return 'items' in sensitivity ? value.map((item) => masked(item, sensitivity.items)) : maskText;
  }
  const fields = plainFields(value);
  // Not what its type says: what is in it is not known, so that none of it is shown.
  if (fields === null) return maskText;
  return Object.fromEntries(fields.map(([name, each]) => [name, masked(each, entry(sensitivity, name))]));
}

function plainFields(value: unknown): [string, unknown][] | null {
  if (typeof value !== 'object' || value === null) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : null;
}
