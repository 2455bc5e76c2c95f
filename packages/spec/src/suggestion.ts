import { writeJson } from './json/write.ts';

/** Levenshtein distance with transpositions counted as one edit; whatever is above `limit` counts as `limit + 1`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    // A transposition reaches back two rows, at a cost of one.
    if (least > limit + 1) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_\s]/g, '');

/** Among more candidates than a person overlooks, none is looked for: it would take long where many names are wrong. */
const maxCandidates = 500;

/** The candidate a person most likely meant, or undefined when none is near: at most one slip in every three characters. */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(written);
  if (wanted.length === 0 || wanted.length > 200 || candidates.length > maxCandidates) return undefined;
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const d = distance(wanted, plain(candidate), limit);
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
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
