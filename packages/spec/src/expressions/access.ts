import type { Evaluate } from './evaluation.ts';

/** What every object inherits: such a name is looked up among the own properties only. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Reads a field of a record or an entry of a map; null where there is none. */
export function ownEntry(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null) return null;
  return Object.hasOwn(object, name) ? ((object as Readonly<Record<string, unknown>>)[name] ?? null) : null; // own, by the line above
}

type Fields = Readonly<Record<string, unknown>>;

/** `value.name`, the hottest of all expressions. Decoded records are plain objects, so a name that is not inherited is its own. */
export function valueField(name: string): Evaluate {
  if (inherited.has(name)) return (_key, value) => ownEntry(value, name);
  return (_key, value) => {
    if (typeof value !== 'object' || value === null) return null;
    const found = (value as Fields)[name]; // an object, by the line above
    return found === undefined ? null : found;
  };
}

/** `object.name` of any other object. */
export function fieldOf(object: Evaluate, name: string): Evaluate {
  return (key, value, timeMs, headers, window) => ownEntry(object(key, value, timeMs, headers, window), name);
}

/** `list[i]`, counted from 0; `map[name]`. Null where there is nothing. */
export function entryOf(object: Evaluate, index: Evaluate): Evaluate {
  return (key, value, timeMs, headers, window) => {
    const from = object(key, value, timeMs, headers, window);
    const at = index(key, value, timeMs, headers, window);
    if (Array.isArray(from)) return typeof at === 'number' ? (from[at] ?? null) : null;
    return typeof at === 'string' ? ownEntry(from, at) : null;
  };
}
