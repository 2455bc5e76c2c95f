import type { Model } from '../document/document.ts';
import { own } from '../document/element.ts';
import type { Field, Type } from '../document/type.ts';
import { unionOf } from '../document/type-text.ts';

type Models = Readonly<Record<string, Model>>;

/**
 * The fields that can be read from a value of a type: a record's or a model's own; of a union, those that every member has.
 * Null when the type has no fields at all.
 */
export function fieldsOf(type: Type, document: { readonly models: Models }): Readonly<Record<string, Field>> | null {
  return fieldsIn(type, document.models);
}

export function fieldsIn(type: Type, models: Models): Readonly<Record<string, Field>> | null {
  switch (type.kind) {
    case 'record':
      return type.fields;
    case 'model':
      return own(models, type.model)?.fields ?? null;
    case 'union':
      return sharedFields(type.of, models);
    default:
      return null;
  }
}

function sharedFields(members: readonly Type[], models: Models): Readonly<Record<string, Field>> | null {
  const [first, ...others] = members.map((member) => fieldsIn(member, models));
  if (first === undefined || first === null || others.includes(null)) return null;
  const shared: Record<string, Field> = {};
  for (const [name, field] of Object.entries(first)) {
    const same = others.map((fields) =>
      fields !== null && fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined,
    );
    if (same.includes(undefined)) continue;
    const optional = field.optional || same.some((other) => other?.optional === true);
    const types = [field.type, ...same.flatMap((other) => (other === undefined ? [] : [other.type]))];
    shared[name] = { type: unionOf(types), optional, sensitive: field.sensitive };
  }
  return shared;
}
