import { isMapping } from '../document/form.ts';
import type { DocumentPath, Edit } from '../problem.ts';

/** A text or an edit that can't be worked with. */
export class EditError extends Error {
  override readonly name = 'EditError';
}

type Mutable = Record<string, unknown> | unknown[];

/** What an edit makes of the plain data; the text must come to say the same. The data is not changed. */
export function editedData(data: unknown, path: DocumentPath, edit: Edit): unknown {
  const copy: unknown = structuredClone(data);
  const root: Mutable = isCollection(copy) ? copy : {};
  let parent = root;
  for (const [index, part] of path.slice(0, -1).entries()) {
    const found = get(parent, part);
    if (isCollection(found)) {
      parent = found;
    } else if (edit.rename !== undefined || edit.value === undefined) {
      if (edit.rename !== undefined) throw new EditError(`Nothing stands at ${path.join('.')}`);
      return root;
    } else {
      const made: Mutable = typeof path[index + 1] === 'number' ? [] : longForm(path, found);
      put(parent, part, made, false, path);
      parent = made;
    }
  }
  const last = path.at(-1) ?? '';
  if (edit.rename !== undefined) renameKey(parent, String(last), edit.rename, path);
  else if (edit.value === undefined) remove(parent, last);
  else put(parent, last, edit.value, edit.insert === true, path);
  return root;
}

const isCollection = (value: unknown): value is Mutable => Array.isArray(value) || isMapping(value);

function get(parent: Mutable, part: string | number): unknown {
  if (Array.isArray(parent)) return typeof part === 'number' ? parent[part] : undefined;
  return Object.hasOwn(parent, part) ? parent[part] : undefined;
}

function put(parent: Mutable, part: string | number, value: unknown, insert: boolean, path: DocumentPath): void {
  if (!Array.isArray(parent)) {
    parent[part] = value;
  } else if (typeof part !== 'number' || part < 0 || part > parent.length) {
    throw new EditError(`${path.join('.')}: a list of ${parent.length} has no place ${part}`);
  } else {
    parent.splice(part, insert ? 0 : 1, value);
  }
}

function remove(parent: Mutable, part: string | number): void {
  if (!Array.isArray(parent)) delete parent[part];
  else if (typeof part === 'number') parent.splice(part, 1);
}

function renameKey(parent: Mutable, from: string, to: string, path: DocumentPath): void {
  if (Array.isArray(parent) || !Object.hasOwn(parent, from)) throw new EditError(`Nothing stands at ${path.join('.')}`);
  if (from !== to && Object.hasOwn(parent, to)) throw new EditError(`${to} is taken already`);
  const entries = Object.entries(parent).map(([key, value]) => [key === from ? to : key, value] as const);
  for (const key of Object.keys(parent)) delete parent[key];
  Object.assign(parent, Object.fromEntries(entries));
}

/** A short form on the way to something that only the long form has is spelled out first. */
function longForm(path: DocumentPath, short: unknown): Record<string, unknown> {
  if (short === undefined || short === null) return {};
  if (path[0] === 'agents' && path[2] === 'steps' && path[4] === 'send') return { to: short };
  if (path[0] === 'models' || (path[0] === 'topics' && path[2] === 'value')) return { type: short };
  return {};
}

/**
 * The same change in the smallest steps: a mapping set over a mapping becomes the entries that differ, so that the comments beside the others
 * stay where they are.
 */
export function smallestEdits(data: unknown, path: DocumentPath, edit: Edit): readonly Edit[] {
  if (edit.rename !== undefined || edit.value === undefined || edit.insert === true) return [{ ...edit, path }];
  const old = path.reduce<unknown>((value, part) => (isCollection(value) ? get(value, part) : undefined), data);
  return difference(old, edit.value, path);
}

function difference(old: unknown, value: unknown, path: DocumentPath): readonly Edit[] {
  if (isSame(old, value)) return [];
  if (isMapping(old) && isMapping(value) && Object.keys(value).some((key) => Object.hasOwn(old, key))) {
    const gone = Object.keys(old).filter((key) => value[key] === undefined);
    const set = Object.entries(value).filter(([, entry]) => entry !== undefined);
    return [
      ...set.flatMap(([key, entry]) =>
        Object.hasOwn(old, key)
          ? difference(old[key], entry, [...path, key])
          : [{ path: [...path, key], value: entry }],
      ),
      ...gone.map((key): Edit => ({ path: [...path, key] })),
    ];
  }
  if (Array.isArray(old) && Array.isArray(value) && old.length > 0 && value.length > 0)
    return listDifference(old, value, path);
  return [{ path, value }];
}

function listDifference(old: readonly unknown[], value: readonly unknown[], path: DocumentPath): readonly Edit[] {
  const shorter = Math.min(old.length, value.length);
  let head = 0;
  while (head < shorter && isSame(old[head], value[head])) head++;
  let tail = 0;
  while (tail < shorter - head && isSame(old.at(-1 - tail), value.at(-1 - tail))) tail++;
  const was = old.slice(head, old.length - tail);
  const is = value.slice(head, value.length - tail);
  const edits: Edit[] = [];
  for (const [index, item] of is.entries()) {
    const at = [...path, head + index];
    if (index < was.length) edits.push(...difference(was[index], item, at));
    else edits.push({ path: at, value: item, insert: true });
  }
  for (let index = was.length - 1; index >= is.length; index--) edits.push({ path: [...path, head + index] });
  return edits;
}

/** The same plain data; the order of a mapping's keys aside. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (!isMapping(a) || !isMapping(b)) return false;
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  const others = Object.keys(b).filter((key) => b[key] !== undefined);
  return keys.length === others.length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}
