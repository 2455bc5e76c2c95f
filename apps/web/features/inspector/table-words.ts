import { type AppDocument, everyMs, overlaps, type Table, type Window } from '@millrace/spec';
import { spokenDuration } from '#features/canvas/words.ts';

/** `Count` `events`; without a count, `Keep` what is kept. */
export function whatWords(table: Table): { readonly verb: string; readonly what: string } {
  const folds = Object.entries(table.value);
  if (folds.some(([, fold]) => fold.fn === 'count')) return { verb: 'Count', what: 'events' };
  const [first] = folds;
  if (!first) return { verb: 'Keep', what: 'nothing' };
  const verbs: Readonly<Record<string, string>> = {
    sum: 'Add up',
    avg: 'Average',
    min: 'Keep the least',
    max: 'Keep the greatest',
    first: 'Keep the first',
    last: 'Keep the last',
    distinct: 'Count different',
  };
  return { verb: verbs[first[1].fn] ?? 'Keep', what: (first[1].arg ?? first[0]).replace(/^value\./, '') };
}

/** What the table is keyed by: the last group_by before an agent fills it, else the source's key. */
export function keyWords(document: AppDocument, table: string): string {
  for (const agent of Object.values(document.agents)) {
    const at = agent.steps.findIndex((step) => step.op === 'aggregate' && step.table === table);
    if (at < 0) continue;
    const grouped = agent.steps.slice(0, at).findLast((step) => step.op === 'group_by');
    if (grouped?.op === 'group_by') return grouped.key.replace(/^value\./, '');
    return 'key';
  }
  return 'key';
}

export const lastWords = (window: Window): string =>
  overlaps(window)
    ? `the last ${spokenDuration(window.sizeMs)}, every ${spokenDuration(everyMs(window))}`
    : `each ${spokenDuration(window.sizeMs)}`;
