import type { Model } from '../document/document.ts';
import type { Type } from '../document/type.ts';

/** What an expression can see at one place of the graph. */
export interface Scope {
  readonly key: Type;
  readonly value: Type;
  /** A change of a windowed table: `window.start` and `window.end` are there. */
  readonly window?: boolean;
  /** By name, for the model types above. */
  readonly models: Readonly<Record<string, Model>>;
}

/** The names an expression may start with, by their types. */
export function namesOf(scope: Scope): ReadonlyMap<string, Type> {
  const names = new Map<string, Type>([
    ['key', scope.key],
    ['value', scope.value],
    ['time', { kind: 'timestamp' }],
    ['headers', { kind: 'map', values: { kind: 'string' } }],
  ]);
  if (scope.window === true) names.set('window', windowType);
  return names;
}

/** A window's bounds, `[start, end)`. */
export const windowType: Type = {
  kind: 'record',
  fields: {
    start: { type: { kind: 'timestamp' }, optional: false, sensitive: false },
    end: { type: { kind: 'timestamp' }, optional: false, sensitive: false },
  },
};
