export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  /** 1-based line in the text before, or of the last line before it for an added one; likewise `after`. */
  readonly before: number;
  readonly after: number;
}

/** Beyond this many differing lines on a side, they are shown as one block taken out and one put in. */
const maxCompared = 1500;

/** The fewest lines that turn one text into the other: longest common subsequence, between the equal ends. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const left = a.slice(start, a.length - end);
  const right = b.slice(start, b.length - end);
  const lines: DiffLine[] = a
    .slice(0, start)
    .map((text, index) => ({ kind: 'same', text, before: index + 1, after: index + 1 }));
  lines.push(...middle(left, right, start));
  for (let index = 0; index < end; index += 1) {
    const at = a.length - end + index;
    lines.push({ kind: 'same', text: a[at] ?? '', before: at + 1, after: b.length - end + index + 1 });
  }
  return lines;
}

function middle(left: readonly string[], right: readonly string[], offset: number): DiffLine[] {
  const lengths = left.length > maxCompared || right.length > maxCompared ? null : commonLengths(left, right);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const same = lengths !== null && i < left.length && j < right.length && left[i] === right[j];
    if (same) {
      lines.push({ kind: 'same', text: left[i] ?? '', before: offset + i + 1, after: offset + j + 1 });
      i += 1;
      j += 1;
    } else if (
      j >= right.length ||
      (i < left.length && (lengths === null || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)))
    ) {
      i += 1;
      lines.push({ kind: 'removed', text: left[i - 1] ?? '', before: offset + i, after: offset + j });
    } else {
      j += 1;
      lines.push({ kind: 'added', text: right[j - 1] ?? '', before: offset + i, after: offset + j });
    }
  }
  return lines;
}

function commonLengths(left: readonly string[], right: readonly string[]): readonly Uint16Array[] {
  const rows = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    const row = rows[i];
    const below = rows[i + 1];
    if (!row || !below) continue;
    for (let j = right.length - 1; j >= 0; j -= 1)
      row[j] = left[i] === right[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return rows;
}
