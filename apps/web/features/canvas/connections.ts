import { type AppDocument, checkConnection, type Edit } from '@millrace/spec';

/** What an element fits to, each with the edits that join them. */
export function connectionsOf(
  document: AppDocument,
  from: string,
): readonly { readonly to: string; readonly edits: readonly Edit[] }[] {
  const ids = (['topic', 'agent', 'table'] as const).flatMap((kind) =>
    Object.keys(document[`${kind}s`]).map((name) => `${kind}:${name}`),
  );
  return ids.flatMap((to) => {
    const check = checkConnection(document, from, to);
    return to !== from && check.ok ? [{ to, edits: check.edits }] : [];
  });
}

/** Why `from` can't be joined to `to`, in words; null when it can. */
export function refusalOf(document: AppDocument, from: string, to: string): string | null {
  const check = checkConnection(document, from, to);
  return check.ok ? null : check.reason;
}
