/** Of each key of the compacted topic, a reader ends with the value written last; what was deleted does not come back. */
import type { Ledger, Write } from '../ledger.ts';
import { type PlacedContent, wasCommitted } from './records.ts';

export function checkKeys(ledger: Ledger, contents: readonly PlacedContent[]): string[] {
  const histories = new Map<string, Write[]>();
  for (const write of ledger.writes) {
    if (write.key === null) continue;
    const history = histories.get(write.key) ?? [];
    histories.set(write.key, history);
    history.push(write);
  }
  const finals = new Map<string, string | null>();
  for (const { records } of contents)
    for (const { key, value, isCommitted } of records) if (key !== null && isCommitted) finals.set(key, value);
  return [...histories].flatMap(([key, history]) => {
    const possible = possibleFinals(history, contents);
    const final = finals.get(key) ?? null;
    return possible.has(final)
      ? []
      : [
          `key ${key} ends with ${final ?? 'nothing'}, where ${[...possible].map((value) => value ?? 'nothing').join(' or ')} was written last`,
        ];
  });
}

/** The last value that was certainly written, or any that may have been written after it. */
function possibleFinals(history: readonly Write[], contents: readonly PlacedContent[]): Set<string | null> {
  let possible = new Set<string | null>([null]);
  for (const { value, offset, transaction } of history) {
    const isThere = transaction === null ? (offset === null ? null : true) : wasCommitted(transaction, contents);
    if (isThere === true) possible = new Set([value]);
    if (isThere === null) possible.add(value);
  }
  return possible;
}
