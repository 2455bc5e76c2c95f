import { writeJson } from './json/write.ts';

/** What one suggestion may cost, in cells of the table below, however many and long the names. */
const maxCells = 200_000;

interface Work {
  cells: number;
}

/**
 * Levenshtein distance with transpositions counted as one edit; whatever is above `limit` counts as `limit + 1`. Only the band of the table
 * that can stay within the limit is filled in (Ukkonen).
 */
function distance(a: string, b: string, limit: number, work: Work): number {
  const beyond = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return beyond;
  let beforeLast: number[] = [];
  let last = Array.from({ length: limit + 2 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const from = Math.max(1, i - limit);
    const to = Math.min(b.length, i + limit);
    const row: number[] = [];
    row[from - 1] = from === 1 ? i : beyond;
    let least = from === 1 ? i : beyond;
    for (let j = from; j <= to; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row[j] = cost;
      least = Math.min(least, cost);
    }
    // What the next row reads beside its own band.
    row[to + 1] = beyond;
    work.cells += to - from + 1;
    // A transposition reaches back two rows, at a cost of one.
    if (least > beyond) return beyond;
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length] ?? 0, beyond);
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_\s]/g, '');

/** Among more candidates than a person overlooks, none is looked for: it would take long where many names are wrong. */
const maxCandidates = 500;

/** A name longer than this is generated, not mistyped. */
const maxLength = 200;

/** The candidate a person most likely meant, or undefined when none is near: at most one slip in every three characters, and no more than eight. */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(written);
  if (wanted.length === 0 || wanted.length > maxLength || candidates.length > maxCandidates) return undefined;
  let limit = Math.min(8, Math.max(1, Math.floor(wanted.length / 3)));
  let best: string | undefined;
  const work: Work = { cells: 0 };
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - written.length) > maxLength) continue;
    const d = distance(wanted, plain(candidate), limit, work);
    if (d <= limit) {
      best = candidate;
      // The next must be nearer than this one.
      limit = d - 1;
      if (limit < 0) break;
    }
    if (work.cells > maxCells) break;
  }
  return best;
}

/** `a, b or c`; at most `most` of them. */
export function oneOf(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} or ${rest} more`;
  const last = shown.pop();
  return shown.length > 0 ? `${shown.join(', ')} or ${last}` : (last ?? '');
}

/** A value in a message: short, quoted as JSON would. */
export function quote(value: unknown): string {
  const text = writeJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
