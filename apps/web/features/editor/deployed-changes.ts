import type { AppDocument } from '@millrace/spec';

export type ElementChange = 'created' | 'changed' | 'dropped';

/** What the draft does to the elements of the deployed version, by `topic:logins`, `model:…` and `settings`; without one, everything is new. */
export function deployedChanges(draft: AppDocument, deployed: AppDocument | null): ReadonlyMap<string, ElementChange> {
  const changes = new Map<string, ElementChange>();
  for (const [section, kind] of [
    ['models', 'model'],
    ['topics', 'topic'],
    ['tables', 'table'],
    ['agents', 'agent'],
  ] as const) {
    const before: Readonly<Record<string, unknown>> = deployed?.[section] ?? {};
    const after: Readonly<Record<string, unknown>> = draft[section];
    for (const [name, element] of Object.entries(after)) {
      if (!Object.hasOwn(before, name)) changes.set(`${kind}:${name}`, 'created');
      else if (canonical(before[name]) !== canonical(element)) changes.set(`${kind}:${name}`, 'changed');
    }
    for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) changes.set(`${kind}:${name}`, 'dropped');
  }
  if (deployed && canonical(deployed.settings) !== canonical(draft.settings)) changes.set('settings', 'changed');
  return changes;
}

/** Equal for equal documents: the order of an element's fields is its author's business, that of a mapping's keys matters to nobody. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
